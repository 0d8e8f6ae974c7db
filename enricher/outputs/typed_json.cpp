#include "enricher/outputs/typed_json.h"

#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/model/schema_key.h"
#include "enricher/outputs/tsv.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
char lower(char c) {
    return is_upper(c) ? static_cast<char>(c | 0x20) : c;
}

void append_shredded_name(std::string_view prefix, const model::SchemaKey& schema,
                          std::string& out) {
    out += prefix;
    out += '_';
    for (const char c : schema.vendor) out += c == '.' || c == '-' ? '_' : lower(c);
    out += '_';
    char before = '_';
    for (const char c : schema.name) {
        if (is_upper(c) && !is_upper(before) && before != '_') out += '_';
        out += c == '-' ? '_' : lower(c);
        before = c;
    }
    out += '_';
    out += fmt::format_int(schema.version.model).c_str();
}

std::string_view prefix_of(Field field) {
    return field == Field::kUnstructEvent ? "unstruct_event" : "contexts";
}

}  // namespace

Result<std::string> shredded_name(std::string_view prefix, std::string_view schema_uri) {
    const auto key = model::SchemaKey::parse(schema_uri);
    if (!key) return unexpected(fmt::format("{} is no Iglu URI", schema_uri));
    std::string out;
    append_shredded_name(prefix, *key, out);
    return out;
}

Result<std::string> TypedJsonWriter::write(const EventView& event) {
    text_ = "{";
    const std::string_view latitude = event[Field::kGeoLatitude];
    const std::string_view longitude = event[Field::kGeoLongitude];
    if (!latitude.empty() && !longitude.empty()) {
        name("geo_location");
        json::print_string(fmt::format("{},{}", latitude, longitude), text_);
    }
    for (const FieldFacts& facts : kFields) {
        const std::string_view text = event[facts.field];
        if (text.empty()) continue;
        auto written =
            facts.kind == Kind::kJson ? write_json_column(facts, event) : write_column(facts, text);
        if (!written) return unexpected(std::move(written.error()));
    }
    text_ += '}';
    return text_;  // a copy: this one's memory is used again
}

// Names of columns and of schemas need no escaping.
void TypedJsonWriter::name(std::string_view name) {
    if (text_.size() > 1) text_ += ',';
    text_ += '"';
    text_ += name;
    text_ += "\":";
}

Result<void> TypedJsonWriter::write_column(const FieldFacts& facts, std::string_view text) {
    name(facts.name);
    switch (facts.kind) {
        case Kind::kInt32:
        case Kind::kFloat32:
        case Kind::kDecimal:
        case Kind::kCount32:
            text_ += text;
            break;
        case Kind::kFlag:
            text_ += text == "1" ? "true" : "false";
            break;
        case Kind::kTimestamp: {
            std::string iso(text);
            if (const auto space = iso.find(' '); space != std::string::npos) iso[space] = 'T';
            iso += 'Z';
            json::print_string(iso, text_);
            break;
        }
        case Kind::kText:
        case Kind::kJson:
            json::print_string(text, text_);
            break;
    }
    return {};
}

// What was parsed for the event is not parsed again.
Result<void> TypedJsonWriter::write_json_column(const FieldFacts& facts, const EventView& event) {
    parts_.clear();
    names_.clear();
    const auto entities = event.entities(facts.field);
    for (const Entity& entity : entities) add_part(facts.field, entity.schema->key, entity.data);
    if (entities.empty()) {
        if (auto read = read_parts(facts.field, event[facts.field]); !read) {
            return unexpected(fmt::format("{}: {}", facts.name, read.error()));
        }
    }
    write_parts(facts.field);
    return {};
}

Result<void> TypedJsonWriter::read_parts(Field field, std::string_view text) {
    arena_.reset();
    const auto parsed = json::parse(text, arena_);
    if (!parsed) return unexpected(parsed.error().message);
    const json::Value* data = parsed->find("data");
    if (data == nullptr) return unexpected(std::string("no data in the envelope"));
    const auto read = [&](json::Value entity) -> Result<void> {
        const json::Value* schema = entity.find("schema");
        const json::Value* inner = entity.find("data");
        if (schema == nullptr || !schema->is_string() || inner == nullptr) {
            return unexpected(std::string("an entity is not self-describing"));
        }
        const auto key = model::SchemaKey::parse(schema->text());
        if (!key) return unexpected(fmt::format("{} is no Iglu URI", schema->text()));
        add_part(field, *key, *inner);
        return {};
    };
    if (field == Field::kUnstructEvent) return read(*data);
    if (!data->is_array()) return unexpected(std::string("contexts are no array"));
    for (const json::Value entity : data->items()) {
        if (auto added = read(entity); !added) return added;
    }
    return {};
}

void TypedJsonWriter::add_part(Field field, const model::SchemaKey& schema, json::Value data) {
    const std::size_t at = names_.size();
    append_shredded_name(prefix_of(field), schema, names_);
    const std::string_view name = std::string_view(names_).substr(at);
    parts_.push_back({.name_at = at,
                      .name_size = name.size(),
                      .name_hash = std::hash<std::string_view>{}(name),
                      .data = data});
}

// Contexts of one name are one array, at the place of the first of them.
void TypedJsonWriter::write_parts(Field field) {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        if (parts_[i].is_written) continue;
        name(name_of(parts_[i]));
        if (field == Field::kUnstructEvent) {
            json::print(parts_[i].data, text_);
            continue;
        }
        text_ += '[';
        for (std::size_t j = i; j < parts_.size(); ++j) {
            if (parts_[j].name_hash != parts_[i].name_hash ||
                name_of(parts_[j]) != name_of(parts_[i])) {
                continue;
            }
            if (j != i) text_ += ',';
            json::print(parts_[j].data, text_);
            parts_[j].is_written = true;
        }
        text_ += ']';
    }
}

Result<std::string> typed_json_of_row(std::string_view tsv) {
    const auto columns = read_tsv_row(tsv);
    if (!columns) {
        return unexpected(
            fmt::format("{} columns expected, {} found", kFieldCount, columns.error()));
    }
    return TypedJsonWriter().write(EventView(*columns));
}

}  // namespace snowline::enricher
