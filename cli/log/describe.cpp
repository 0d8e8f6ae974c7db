#include "cli/log/describe.h"

#include "common/json/arena.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/model/collector_payload_thrift.h"
#include "common/text/utf8.h"
#include "enricher/outputs/tsv.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

constexpr std::size_t kTextShown = 160;  // UTF-16 units of one value
constexpr std::size_t kFailuresShown = 12;

// Makes a user's text printable: one line, no control characters, limited length.
std::string shown(std::string_view text) {
    std::string out;
    const auto valid = text::to_valid_utf8(text);
    const auto cut = text::utf8_prefix_of_utf16(valid, kTextShown);
    for (const char c : std::string_view(valid).substr(0, cut)) {
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
    return cut < valid.size() ? out + "…" : out;
}

std::string_view text_of(const json::Value* value) {
    return value != nullptr && (value->is_string() || value->is_number()) ? value->text() : "";
}

std::string shown(const json::Value* value) {
    if (value == nullptr || value->is_null()) return "nothing";
    return value->is_string() ? shown(value->text()) : shown(json::print(*value));
}

// `vendor/name/1-0-0`: without `iglu:` and the format, which are the same for all schemas.
std::string short_uri(std::string_view uri) {
    if (uri.starts_with("iglu:")) uri.remove_prefix(5);
    std::string out(uri);
    constexpr std::string_view kFormat = "/jsonschema/";
    if (const auto at = out.find(kFormat); at != std::string::npos)
        out.replace(at, kFormat.size(), "/");
    return shown(out);
}

std::vector<std::string> entities_of(std::string_view contexts) {
    std::vector<std::string> out;
    json::Arena arena;
    const auto parsed = json::parse(contexts, arena);
    const json::Value* data = parsed ? parsed->find("data") : nullptr;
    if (data == nullptr || !data->is_array()) return out;
    for (const json::Value entity : data->items()) {
        const std::string uri = short_uri(text_of(entity.find("schema")));
        const auto first = uri.find('/');
        const auto last = uri.rfind('/');
        out.push_back(first < last ? uri.substr(first + 1, last - first - 1) : uri);
    }
    return out;
}

void describe_iglu_error(std::string_view key, const json::Value& error,
                         std::vector<std::string>& out) {
    if (const auto* reports = error.find("dataReports");
        reports != nullptr && reports->is_array()) {
        for (const json::Value report : reports->items()) {
            out.push_back(fmt::format("{}  {}", short_uri(key), shown(report.find("message"))));
        }
    } else if (const auto* issues = error.find("schemaIssues");
               issues != nullptr && issues->is_array()) {
        for (const json::Value issue : issues->items()) {
            out.push_back(fmt::format("{}  the schema itself cannot be used: {}", short_uri(key),
                                      shown(issue.find("message"))));
        }
    } else {
        std::string asked;
        const auto* history = error.find("lookupHistory");
        if (history != nullptr && history->is_array()) {
            for (const json::Value entry : history->items()) {
                asked += (asked.empty() ? "" : ", ") + shown(entry.find("repository"));
            }
        }
        out.push_back(
            fmt::format("{}  no registry gave this schema (asked: {})", short_uri(key), asked));
    }
}

// Describes one failure object; its members determine its kind (enricher spec 3.2, 5.4, 9).
void describe_message(const json::Value& message, std::vector<std::string>& out) {
    if (const auto* inner = message.find("message"); inner != nullptr && inner->is_object()) {
        return describe_message(*inner, out);
    }
    const auto* error = message.find("error");
    if (const auto* key = message.find("schemaKey"); key != nullptr) {
        if (error != nullptr && error->is_object())
            return describe_iglu_error(text_of(key), *error, out);
        out.push_back(fmt::format("{} is not {}", short_uri(text_of(key)),
                                  short_uri(text_of(message.find("schemaCriterion")))));
        return;
    }
    const auto* field = message.find("field");
    if (field == nullptr) field = message.find("payloadField");
    const auto* expectation = message.find("expectation");
    if (field != nullptr && expectation != nullptr) {
        out.push_back(fmt::format("{} = {}: {}", shown(field), shown(message.find("value")),
                                  shown(expectation)));
    } else if (field != nullptr) {
        out.push_back(fmt::format("{}: {}", shown(field), shown(error)));
    } else if (expectation != nullptr) {
        out.push_back(fmt::format("{}: {}", shown(message.find("actual")), shown(expectation)));
    } else if (error != nullptr && message.find("json") != nullptr) {
        out.push_back(fmt::format("{}: {}", shown(error), shown(message.find("json"))));
    } else {
        out.push_back(shown(error != nullptr ? error : &message));
    }
}

std::vector<std::string> failures_of(const json::Value& failure) {
    std::vector<std::string> out;
    if (const auto* messages = failure.find("messages");
        messages != nullptr && messages->is_array()) {
        for (const json::Value message : messages->items()) describe_message(message, out);
    } else if (const auto* message = failure.find("message"); message != nullptr) {
        describe_message(*message, out);
    } else if (const auto* errors = failure.find("errors");
               errors != nullptr && errors->is_array()) {
        for (const json::Value error : errors->items()) out.push_back(shown(&error));
    } else if (const auto* expectation = failure.find("expectation"); expectation != nullptr) {
        out.push_back(shown(expectation));
    }
    return out;
}

}  // namespace

std::string one_line(std::string_view text) {
    return shown(text);
}

std::vector<std::string> describe_failure(std::string_view json) {
    json::Arena arena;
    const auto parsed = json::parse(json, arena);
    std::vector<std::string> out;
    if (parsed && parsed->is_object())
        describe_message(*parsed, out);
    else if (parsed && parsed->is_string())
        out.push_back(shown(parsed->text()));
    else
        out.push_back(shown(json));
    return out;
}

std::string describe_raw(std::string_view thrift) {
    const auto payload = model::from_thrift(thrift);
    if (!payload)
        return fmt::format("raw   {} bytes, unreadable: {}", thrift.size(), payload.error());
    return fmt::format("raw   {}  {} bytes{}", shown(payload->path.value_or("")), thrift.size(),
                       payload->body ? fmt::format(", body of {}", payload->body->size()) : "");
}

std::string describe_good(std::string_view tsv) {
    using enricher::Field;
    const auto columns = enricher::read_tsv_row(tsv);
    if (!columns) {
        return fmt::format("good  {} columns, which is no enriched event", columns.error());
    }
    const enricher::EventView event(*columns);

    std::string out = fmt::format("good  {:<12}", shown(event[Field::kEvent]));
    if (event[Field::kEvent] == "unstruct") {
        out += fmt::format(" {}/{}/{}", shown(event[Field::kEventVendor]),
                           shown(event[Field::kEventName]), shown(event[Field::kEventVersion]));
    }
    constexpr std::array kShown = {
        std::pair{Field::kAppId, "app"},       std::pair{Field::kUserId, "user"},
        std::pair{Field::kPageUrl, "url"},     std::pair{Field::kSeCategory, "category"},
        std::pair{Field::kSeAction, "action"}, std::pair{Field::kTrOrderid, "order"},
    };
    for (const auto& [field, name] : kShown) {
        if (!event[field].empty()) out += fmt::format(" {}={}", name, shown(event[field]));
    }
    for (const Field field : {Field::kContexts, Field::kDerivedContexts}) {
        const auto entities = entities_of(event[field]);
        if (entities.empty()) continue;
        out += fmt::format(" {}=[{}]", field == Field::kContexts ? "contexts" : "derived",
                           fmt::join(entities, " "));
    }
    return out;
}

std::string describe_bad(std::string_view bad_row) {
    json::Arena arena;
    const auto row = json::parse(bad_row, arena);
    const json::Value* data = row ? row->find("data") : nullptr;
    const json::Value* failure = data != nullptr ? data->find("failure") : nullptr;
    if (failure == nullptr)
        return fmt::format("bad   {} bytes, which is no bad row", bad_row.size());

    const std::string uri = short_uri(text_of(row->find("schema")));
    const auto first = uri.find('/');
    const auto last = uri.rfind('/');
    std::string out = "bad   " + (first < last ? uri.substr(first + 1, last - first - 1) : uri);
    const auto failures = failures_of(*failure);
    for (const auto& line :
         std::vector(failures.begin(), failures.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                              failures.size(), kFailuresShown)))) {
        out += "\n        " + line;
    }
    if (failures.size() > kFailuresShown) {
        out += fmt::format("\n        … and {} more (--json shows all)",
                           failures.size() - kFailuresShown);
    }
    return out;
}

std::string describe(std::string_view topic, std::string_view value) {
    if (topic == "raw") return describe_raw(value);
    if (topic == "bad") return describe_bad(value);
    return describe_good(value);
}

}  // namespace snowline::cli
