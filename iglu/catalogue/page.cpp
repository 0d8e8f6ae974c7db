#include "iglu/catalogue/page.h"

#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/text/markup.h"
#include "iglu/authoring/diff/diff.h"
#include "iglu/catalogue/fields.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace snowline::iglu::catalogue {
namespace {

using json::Value;

constexpr std::string_view kStyle = R"css(
:root { --ink: #1c2733; --soft: #5b6876; --line: #dde3ea; --wash: #f5f7fa; --link: #0b5cad;
        --page: #fff; --warn: #9a5b00; --warn-wash: #fff3dc; --bad: #a3231f; --bad-wash: #fde8e7;
        --good: #1d6b3a; --good-wash: #e3f4e8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e9ef; --soft: #9aa7b5; --line: #2f3a46; --wash: #1b232c; --link: #79b8ff;
          --page: #12181f; --warn: #f0c374; --warn-wash: #3a2e14; --bad: #ff9d98;
          --bad-wash: #421d1c; --good: #8fd6a6; --good-wash: #16351f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.25rem 4rem; color: var(--ink);
       background: var(--page); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
p { margin: .25rem 0; } .soft { color: var(--soft); }
code, pre { font: .875em/1.5 ui-monospace, monospace; }
pre { background: var(--wash); border: 1px solid var(--line); border-radius: 6px; padding: 1rem;
      overflow-x: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; }
th { text-align: left; color: var(--soft); font-weight: 600; white-space: nowrap; }
th, td { padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line);
         vertical-align: top; overflow-wrap: anywhere; }
td.name { min-width: 11rem; } td.version, td.day, td.word { white-space: nowrap; }
table.index { table-layout: fixed; min-width: 44rem; }
.badge { display: inline-block; padding: 0 .5rem; border-radius: 1rem; font-size: .8rem;
         background: var(--wash); color: var(--soft); white-space: nowrap; }
.active, .ADDITION { background: var(--good-wash); color: var(--good); }
.deprecated, .REVISION, .UNDECIDED { background: var(--warn-wash); color: var(--warn); }
.sunset, .MODEL { background: var(--bad-wash); color: var(--bad); }
ul { margin: .25rem 0; padding-left: 1.1rem; }
)css";

std::string badge(std::string_view word) {
    return fmt::format(R"(<span class="badge {0}">{0}</span>)", word);
}

std::string document(std::string_view title, std::string_view body) {
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<title>{}</title><style>{}</style></head><body>\n{}</body></html>\n",
        text::escape_html(title), kStyle, body);
}

std::string member_text(Value object, std::string_view name) {
    const Value* member = object.find(name);
    return member != nullptr && member->is_string() ? std::string(member->text()) : "";
}

std::string description_of(const Version& version) {
    json::Arena arena;
    const auto schema = json::parse(version.text, arena);
    return schema ? member_text(*schema, "description") : "";
}

std::string owner_of(const Entry& entry) {
    return entry.life ? entry.life->owner : "";
}

// Empty where the entry has no life cycle.
std::string status_badge(const Entry& entry, const model::SchemaVer& version,
                         std::string_view today) {
    return entry.life ? badge(name_of(status_on(entry.life->stage_of(version), today))) : "";
}

enum class LifeColumns { kShown, kHidden };

std::string index_head(LifeColumns life) {
    return fmt::format(
        "<div class=\"scroll\"><table class=\"index\"><tr><th style=\"width: 17rem\">Schema</th>"
        "<th style=\"width: 5rem\">Latest</th><th>Description</th>{}</tr>\n",
        life == LifeColumns::kShown
            ? "<th style=\"width: 14rem\">Owner</th><th style=\"width: 7rem\">Status</th>"
            : "");
}

std::string index_row(const Entry& entry, const PageOptions& options, LifeColumns life) {
    const Version& latest = entry.latest();
    const std::string format =
        entry.format == "jsonschema"
            ? ""
            : fmt::format(" <span class=\"soft\">{}</span>", text::escape_html(entry.format));
    std::string row = fmt::format(
        "<tr><td class=\"name\"><a href=\"{}\">{}</a>{}</td><td class=\"version\">{}</td>"
        "<td>{}</td>",
        text::escape_html(options.link(entry)), text::escape_html(entry.name), format,
        latest.version.to_string(), text::escape_html(description_of(latest)));
    if (life == LifeColumns::kShown) {
        row += fmt::format("<td>{}</td><td>{}</td>", text::escape_html(owner_of(entry)),
                           status_badge(entry, latest.version, options.today));
    }
    return row + "</tr>\n";
}

// The changes of a version, as `snowline schema diff` finds them.
std::string changes_of(const Version& before, const Version& after) {
    json::Arena arena;
    const auto old_schema = json::parse(before.text, arena);
    const auto new_schema = json::parse(after.text, arena);
    if (!old_schema || !new_schema) return "";
    const auto difference = diff::diff(*old_schema, *new_schema);
    if (!difference) return text::escape_html(difference.error());
    if (difference->changes.empty()) return "accepts the same data";
    std::string items;
    for (const diff::Change& change : difference->changes) {
        items += fmt::format("<li>{} <code>{}</code> {}</li>", badge(name_of(change.bump)),
                             text::escape_html(change.pointer.empty() ? "/" : change.pointer),
                             text::escape_html(change.reason));
    }
    return "<ul>" + items + "</ul>";
}

std::string life_words(const Entry& entry, const Version& version) {
    std::string out;
    if (version.superseded_by)
        out += fmt::format("<p>superseded by {}</p>", version.superseded_by->to_string());
    if (!entry.life) return out;
    const LifeStage& stage = entry.life->stage_of(version.version);
    if (stage.sunset_date) out += fmt::format("<p>sunset {}</p>", *stage.sunset_date);
    if (!stage.successor.empty())
        out += fmt::format("<p>use {} instead</p>", text::escape_html(stage.successor));
    return out;
}

std::string versions_table(const Entry& entry, const PageOptions& options) {
    const bool has_days = !entry.latest().published.empty();
    std::string rows;
    for (std::size_t i = entry.versions.size(); i-- > 0;) {
        const Version& version = entry.versions[i];
        rows += fmt::format(
            "<tr><td class=\"version\">{}</td>{}<td>{}{}</td><td>{}</td></tr>\n",
            version.version.to_string(),
            has_days
                ? fmt::format("<td class=\"day\">{}</td>", text::escape_html(version.published))
                : "",
            status_badge(entry, version.version, options.today), life_words(entry, version),
            i == 0 ? "the first" : changes_of(entry.versions[i - 1], version));
    }
    return fmt::format(
        "<h2>Versions</h2>\n<div class=\"scroll\"><table><tr><th>Version</th>{}<th>Status</th>"
        "<th>Changes</th></tr>\n{}</table></div>\n",
        has_days ? "<th>Published</th>" : "", rows);
}

std::string fields_table(Value schema) {
    std::string rows;
    for (const Field& field : fields_of(schema)) {
        rows += fmt::format(
            "<tr><td class=\"name\"><code>{}</code></td><td>{}</td><td "
            "class=\"word\">{}</td><td>{}</td>"
            "<td>{}</td></tr>\n",
            text::escape_html(field.path), text::escape_html(field.type),
            field.is_required ? "required" : "", text::escape_html(field.rules),
            text::escape_html(field.description));
    }
    if (rows.empty()) return "<p class=\"soft\">It names no fields.</p>\n";
    return "<div class=\"scroll\"><table><tr><th>Field</th><th>Type</th><th></th><th>Rules</th>"
           "<th>Description</th></tr>\n" +
           rows + "</table></div>\n";
}

}  // namespace

std::string index_page(std::span<const Entry> entries, const PageOptions& options) {
    std::map<std::string, std::vector<const Entry*>> vendors;
    for (const Entry& entry : entries) vendors[entry.vendor].push_back(&entry);
    std::string body =
        fmt::format("<h1>{}</h1>\n<p class=\"soft\">{} schemas of {} vendors</p>\n{}",
                    text::escape_html(options.title), entries.size(), vendors.size(), options.note);
    const bool has_life = std::any_of(entries.begin(), entries.end(),
                                      [](const Entry& entry) { return entry.life.has_value(); });
    const LifeColumns life = has_life ? LifeColumns::kShown : LifeColumns::kHidden;
    for (auto& [vendor, items] : vendors) {
        std::sort(items.begin(), items.end(),
                  [](const Entry* a, const Entry* b) { return a->name < b->name; });
        body += fmt::format("<h2>{}</h2>\n{}", text::escape_html(vendor), index_head(life));
        for (const Entry* entry : items) body += index_row(*entry, options, life);
        body += "</table></div>\n";
    }
    return document(options.title, body);
}

std::string entry_page(const Entry& entry, const PageOptions& options) {
    const Version& latest = entry.latest();
    const std::string uri = fmt::format("iglu:{}/{}/{}/{}", entry.vendor, entry.name, entry.format,
                                        latest.version.to_string());
    std::string body = fmt::format(
        "<p><a href=\"{}\">{}</a></p>\n<h1>{}/{} {}</h1>\n<p>{}</p>\n<p class=\"soft\"><code>{}"
        "</code></p>\n",
        text::escape_html(options.index), text::escape_html(options.title),
        text::escape_html(entry.vendor), text::escape_html(entry.name),
        status_badge(entry, latest.version, options.today),
        text::escape_html(description_of(latest)), text::escape_html(uri));
    if (entry.life) {
        body +=
            fmt::format("<p class=\"soft\">owner {} · domain {}</p>\n",
                        text::escape_html(entry.life->owner.empty() ? "–" : entry.life->owner),
                        text::escape_html(entry.life->domain.empty() ? "–" : entry.life->domain));
    }
    json::Arena arena;
    const auto schema = json::parse(latest.text, arena);
    body += fmt::format("<h2>Fields of {}</h2>\n", latest.version.to_string());
    if (schema) body += fields_table(*schema);
    body += versions_table(entry, options);
    if (schema) {
        body += fmt::format("<h2>Schema {}</h2>\n<pre>{}</pre>\n", latest.version.to_string(),
                            text::escape_html(json::print_indented(*schema)));
    }
    return document(uri, body);
}

}  // namespace snowline::iglu::catalogue
