#include "cli/enrich/explanation_report.h"

#include "cli/log/describe.h"
#include "common/json/print.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

constexpr std::size_t kTitleWidth = 60;
constexpr std::size_t kNameWidth = 22;

double milliseconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

// Without `iglu:` and the format, which are the same for all schemas.
std::string short_uri(std::string_view uri) {
    if (uri.starts_with("iglu:")) uri.remove_prefix(5);
    return one_line(uri);
}

std::string title(const ExplainedStep& step) {
    if (step.kind == "set_up") return "event set-up";
    if (step.kind == "entities") return "contexts and self-describing event";
    if (step.kind == "schema") return "checked: " + short_uri(step.name);
    if (step.kind == "lookup") return "looked up";
    if (step.kind == "enrichment") return step.name;
    return std::string(step.kind);
}

/// The lines of one step; each list begins with its name.
class Block {
public:
    Block(std::size_t indent, std::string& out) : indent_(indent), out_(out) {}

    void begin(std::string_view word) { word_ = word; }
    void line(std::string_view text) {
        out_ += fmt::format("{:{}}{:<8}{}\n", "", indent_, word_, text);
        word_ = {};
    }
    void line(std::string_view name, std::string_view text) {
        const std::string shown_name = one_line(name);
        if (text.empty()) return line(shown_name);
        line(fmt::format("{:<{}} {}", shown_name, kNameWidth, text));
    }

private:
    std::size_t indent_;
    std::string& out_;
    std::string_view word_;
};

std::string value_text(const std::optional<std::string>& value) {
    if (!value) return "";
    return value->empty() ? "\"\"" : one_line(*value);
}

std::string change_text(const ExplainedStep::Change& change) {
    if (!change.after) return fmt::format("{} → nothing", value_text(change.before));
    if (!change.before) return value_text(change.after);
    return fmt::format("{} → {}", value_text(change.before), value_text(change.after));
}

void append_rows(const ExplainedStep& step, Block& block) {
    for (const auto& row : step.set) {
        block.line(row.name, fmt::format("{} bytes", row.after ? row.after->size() : 0));
    }
}

void append_step(const ExplainedStep& step, std::string& out) {
    const std::size_t indent = 2 * (step.depth + (step.event ? 1 : 0));
    const std::string head = fmt::format("{:{}}{}", "", indent, title(step));
    out += fmt::format("{:<{}} {:>9.3f} ms{}\n", head, kTitleWidth, milliseconds(step.took),
                       step.failed.empty() ? "" : "  FAILED");
    Block block(indent + 4, out);
    if (step.kind == "rows") return append_rows(step, block);
    block.begin("read");
    for (const auto& read : step.read) {
        block.line(read.name, read.value ? value_text(read.value) : "");
    }
    block.begin(step.kind == "enrichment" || step.kind == "set_up" ? "set" : "found");
    for (const auto& change : step.set) block.line(change.name, change_text(change));
    block.begin("added");
    for (const auto& context : step.contexts) {
        block.line(short_uri(context.schema) + "  " + one_line(context.data));
    }
    block.begin("failed");
    for (const auto& failed : step.failed) {
        for (const auto& line : describe_failure(failed)) block.line(line);
    }
}

void append_text(std::string_view name, const std::optional<std::string>& text, std::string& out) {
    out += fmt::format(",\"{}\":", name);
    if (text)
        json::print_string(*text, out);
    else
        out += "null";
}

template <class List, class Append>
void append_list(std::string_view name, const List& list, const Append& append, std::string& out) {
    out += fmt::format(",\"{}\":[", name);
    for (const auto& item : list) {
        if (&item != &list.front()) out += ',';
        append(item);
    }
    out += ']';
}

void append_json(const ExplainedStep& step, std::string& out) {
    out += "{\"step\":";
    json::print_string(step.kind, out);
    append_text("name", step.name.empty() ? std::nullopt : std::optional(step.name), out);
    out += fmt::format(",\"event\":{},\"depth\":{},\"took_us\":{:.3f}",
                       step.event ? fmt::to_string(*step.event) : "null", step.depth,
                       milliseconds(step.took) * 1000);
    const auto named = [&](std::string_view name) {
        out += "{\"name\":";
        json::print_string(name, out);
    };
    append_list(
        "read", step.read,
        [&](const ExplainedStep::Named& read) {
            named(read.name);
            append_text("value", read.value, out);
            out += '}';
        },
        out);
    append_list(
        "set", step.set,
        [&](const ExplainedStep::Change& change) {
            named(change.name);
            append_text("before", change.before, out);
            append_text("after", change.after, out);
            out += '}';
        },
        out);
    append_list(
        "contexts", step.contexts,
        [&](const ExplainedStep::Context& context) {
            out += "{\"schema\":";
            json::print_string(context.schema, out);
            out += ",\"data\":" + context.data + '}';
        },
        out);
    append_list(
        "failed", step.failed, [&](const std::string& json) { out += json; }, out);
    out += "}\n";
}

}  // namespace

std::string explanation_text(const Explanation& explanation) {
    std::string out;
    std::optional<std::size_t> event;
    for (const ExplainedStep& step : explanation.steps) {
        if (step.event && step.event != event) {
            out += fmt::format("\nevent {} of {}\n", *step.event + 1, explanation.events);
        }
        if (!step.event && event) out += '\n';
        event = step.event;
        append_step(step, out);
    }
    out += fmt::format("\n{:<{}} {:>9.3f} ms\n", "all of it", kTitleWidth,
                       milliseconds(explanation.took));
    return out;
}

std::string explanation_json_lines(const Explanation& explanation) {
    std::string out;
    for (const ExplainedStep& step : explanation.steps) append_json(step, out);
    return out;
}

}  // namespace snowline::cli
