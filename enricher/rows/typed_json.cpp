#include "enricher/rows/typed_json.h"

#include "common/json/arena.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/model/schema_key.h"
#include "enricher/event/field.h"

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using Columns = std::array<std::string_view, kFieldCount>;

Result<Columns> split_columns(std::string_view tsv) {
    Columns columns;
    std::size_t count = 0;
    while (true) {
        const auto tab = tsv.find('\t');
        if (count < kFieldCount) columns[count] = tsv.substr(0, tab);
        ++count;
        if (tab == std::string_view::npos) break;
        tsv.remove_prefix(tab + 1);
    }
    if (count != kFieldCount) {
        return unexpected(fmt::format("{} columns expected, {} found", kFieldCount, count));
    }
    return columns;
}

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
char lower(char c) {
    return is_upper(c) ? static_cast<char>(c | 0x20) : c;
}

class Object {
public:
    void member(std::string_view name) {
        text_ += text_.size() == 1 ? "" : ",";
        json::print_string(name, text_);
        text_ += ':';
    }
    std::string& value() { return text_; }
    std::string finish() && { return std::move(text_) + '}'; }

private:
    std::string text_ = "{";
};

struct Shredded {
    std::string name;
    std::vector<json::Value> data;
};

/// The data of one self-describing entity is added to those of the same name.
Result<void> add_entity(std::string_view prefix, json::Value entity, std::vector<Shredded>& out) {
    const json::Value* schema = entity.find("schema");
    const json::Value* data = entity.find("data");
    if (schema == nullptr || !schema->is_string() || data == nullptr) {
        return unexpected(std::string("an entity is not self-describing"));
    }
    auto name = shredded_name(prefix, schema->text());
    if (!name) return unexpected(name.error());
    for (Shredded& known : out) {
        if (known.name != *name) continue;
        known.data.push_back(*data);
        return {};
    }
    out.push_back({.name = *std::move(name), .data = {*data}});
    return {};
}

Result<void> add_json_column(Field field, std::string_view text, Object& out) {
    json::Arena arena;
    const auto parsed = json::parse(text, arena);
    if (!parsed) return unexpected(parsed.error().message);
    const json::Value* data = parsed->find("data");
    if (data == nullptr) return unexpected(std::string("no data in the envelope"));

    std::vector<Shredded> entities;
    if (field == Field::kUnstructEvent) {
        if (auto added = add_entity("unstruct_event", *data, entities); !added) return added;
    } else {
        if (!data->is_array()) return unexpected(std::string("contexts are no array"));
        for (const json::Value entity : data->items()) {
            if (auto added = add_entity("contexts", entity, entities); !added) return added;
        }
    }
    for (const Shredded& entity : entities) {
        out.member(entity.name);
        const json::Value value =
            field == Field::kUnstructEvent ? entity.data.front() : json::Value::array(entity.data);
        json::print(value, out.value());
    }
    return {};
}

Result<void> add_column(const FieldFacts& facts, std::string_view text, Object& out) {
    if (facts.kind == Kind::kJson) {
        auto added = add_json_column(facts.field, text, out);
        return added ? added : unexpected(fmt::format("{}: {}", facts.name, added.error()));
    }
    out.member(facts.name);
    switch (facts.kind) {
        case Kind::kInt32:
        case Kind::kFloat32:
        case Kind::kDecimal:
        case Kind::kCount32:
            out.value() += text;
            break;
        case Kind::kFlag:
            out.value() += text == "1" ? "true" : "false";
            break;
        case Kind::kTimestamp: {
            std::string iso(text);
            if (const auto space = iso.find(' '); space != std::string::npos) iso[space] = 'T';
            json::print_string(iso + 'Z', out.value());
            break;
        }
        case Kind::kText:
        case Kind::kJson:
            json::print_string(text, out.value());
            break;
    }
    return {};
}

}  // namespace

Result<std::string> shredded_name(std::string_view prefix, std::string_view schema_uri) {
    const auto key = model::SchemaKey::parse(schema_uri);
    if (!key) return unexpected(fmt::format("{} is no Iglu URI", schema_uri));
    std::string out(prefix);
    out += '_';
    for (const char c : key->vendor) out += c == '.' || c == '-' ? '_' : lower(c);
    out += '_';
    for (std::size_t i = 0; i < key->name.size(); ++i) {
        const char c = key->name[i];
        const bool after_word = i > 0 && !is_upper(key->name[i - 1]) && key->name[i - 1] != '_';
        if (is_upper(c) && after_word) out += '_';
        out += c == '-' ? '_' : lower(c);
    }
    return fmt::format("{}_{}", out, key->version.model);
}

Result<std::string> typed_json(std::string_view tsv) {
    const auto columns = split_columns(tsv);
    if (!columns) return unexpected(columns.error());

    Object out;
    const auto latitude = (*columns)[index_of(Field::kGeoLatitude)];
    const auto longitude = (*columns)[index_of(Field::kGeoLongitude)];
    if (!latitude.empty() && !longitude.empty()) {
        out.member("geo_location");
        json::print_string(fmt::format("{},{}", latitude, longitude), out.value());
    }
    for (const FieldFacts& facts : kFields) {
        const std::string_view text = (*columns)[index_of(facts.field)];
        if (text.empty()) continue;
        if (auto added = add_column(facts, text, out); !added) return unexpected(added.error());
    }
    return std::move(out).finish();
}

}  // namespace snowline::enricher
