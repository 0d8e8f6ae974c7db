#include "cli/schema/row_instances.h"

#include "common/json/parse.h"
#include "enricher/outputs/tsv.h"
#include "enricher/outputs/typed_json.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

using enricher::Field;
using json::Value;

constexpr int kWrappersMax = 4;  // contexts and unstruct_event around the data

std::string text_of(Value object, std::string_view name) {
    const Value* member = object.find(name);
    return member != nullptr && member->is_string() ? std::string(member->text()) : "";
}

bool is_wrapper(std::string_view uri) {
    return uri.starts_with("iglu:com.snowplowanalytics.snowplow/contexts/") ||
           uri.starts_with("iglu:com.snowplowanalytics.snowplow/unstruct_event/");
}

// Adds the data itself, or the data that it wraps.
void add_described(Value json, int depth, std::vector<RowInstance>& out) {
    const Value* data = json.find("data");
    const std::string schema = text_of(json, "schema");
    if (data == nullptr || schema.empty() || depth > kWrappersMax) return;
    if (!is_wrapper(schema)) {
        out.push_back({.schema = schema, .column = {}, .data = *data});
    } else if (data->is_array()) {
        for (const Value& item : data->items()) add_described(item, depth + 1, out);
    } else {
        add_described(*data, depth + 1, out);
    }
}

Result<Row> read_tsv(std::string_view text, json::Arena& arena) {
    const auto columns = enricher::read_tsv_row(text);
    if (!columns) {
        return unexpected(fmt::format("{} columns, and an enriched row has {}", columns.error(),
                                      enricher::kFieldCount));
    }
    const enricher::EventView event(*columns);
    Row row{.app_id = std::string(event[Field::kAppId]),
            .event_id = std::string(event[Field::kEventId]),
            .instances = {}};
    for (const Field field : {Field::kUnstructEvent, Field::kContexts, Field::kDerivedContexts}) {
        if (event[field].empty()) continue;
        const auto json = json::parse(event[field], arena);
        if (json) add_described(*json, 0, row.instances);
    }
    return row;
}

void add_flat(Value json, std::vector<RowInstance>& out) {
    for (const json::Member& member : json.members()) {
        if (member.name.starts_with("contexts_") && member.value.is_array()) {
            for (const Value& item : member.value.items()) {
                out.push_back({.schema = {}, .column = std::string(member.name), .data = item});
            }
        } else if (member.name.starts_with("unstruct_event_")) {
            out.push_back({.schema = {}, .column = std::string(member.name), .data = member.value});
        }
    }
}

Row read_json(Value json) {
    Row row{
        .app_id = text_of(json, "app_id"), .event_id = text_of(json, "event_id"), .instances = {}};
    const bool is_described = json.find("schema") != nullptr && json.find("data") != nullptr;
    const bool is_flat =
        json.find("event_id") != nullptr || json.find("collector_tstamp") != nullptr;
    if (is_described)
        add_described(json, 0, row.instances);
    else if (is_flat)
        add_flat(json, row.instances);
    else
        row.instances.push_back({.schema = {}, .column = {}, .data = json});
    return row;
}

}  // namespace

bool RowInstance::is_of(const model::SchemaKey& key) const {
    if (!schema.empty()) {
        const auto own = model::SchemaKey::parse(schema);
        return own && own->vendor == key.vendor && own->name == key.name &&
               own->format == key.format;
    }
    if (column.empty()) return true;
    // Each model has a column of its own.
    for (const char* prefix : {"contexts", "unstruct_event"}) {
        const auto name = enricher::shredded_name(prefix, key.to_uri());
        const auto stem = name ? name->substr(0, name->rfind('_') + 1) : std::string();
        if (!stem.empty() && column.starts_with(stem) && column.size() > stem.size() &&
            column.find_first_not_of("0123456789", stem.size()) == std::string::npos) {
            return true;
        }
    }
    return false;
}

std::string RowInstance::version() const {
    if (const auto key = model::SchemaKey::parse(schema)) return key->version.to_string();
    if (!column.empty()) return column.substr(column.rfind('_') + 1) + "-?-?";
    return "?";
}

Result<Row> read_row(std::string_view text, json::Arena& arena) {
    if (text.find('\t') != std::string_view::npos && !text.starts_with('{'))
        return read_tsv(text, arena);
    const auto json = json::parse(text, arena);
    if (!json) return unexpected("no enriched row and no JSON: " + json.error().message);
    if (!json->is_object()) return unexpected(std::string("no object"));
    return read_json(*json);
}

}  // namespace snowline::cli
