#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/result.h"
#include "enricher/event/event_view.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::iglu {
struct SchemaKey;
}  // namespace snowline::iglu

namespace snowline::enricher {

/// Writes enriched events as flat JSON objects, by the rules of the Snowplow analytics SDKs: empty
/// columns are left out; numbers, booleans and timestamps (ISO 8601) keep their types; latitude and
/// longitude are also given as `geo_location`; contexts become `contexts_<vendor>_<name>_<model>`
/// arrays and the event's own data `unstruct_event_<vendor>_<name>_<model>`.
/// Keeps its memory from one event to the next. One thread.
class TypedJsonWriter {
public:
    /// Fails where a column that is there as a text only is no self-describing JSON.
    Result<std::string> write(const EventView& event);

private:
    /// A piece of data and the name of its member, which is in `names_`.
    struct Part {
        std::size_t name_at, name_size, name_hash;
        json::Value data;
        bool is_written = false;
    };

    void name(std::string_view name);
    Result<void> write_column(const FieldFacts& facts, std::string_view text);
    Result<void> write_json_column(const FieldFacts& facts, const EventView& event);
    Result<void> read_parts(Field field, std::string_view text);
    void add_part(Field field, const model::SchemaKey& schema, json::Value data);
    void write_parts(Field field);
    std::string_view name_of(const Part& part) const {
        return std::string_view(names_).substr(part.name_at, part.name_size);
    }

    std::string text_, names_;
    std::vector<Part> parts_;  // of one column
    json::Arena arena_;        // of columns that must be parsed
};

/// The same for a row that was written as TSV. Fails where it does not have 131 columns, too.
Result<std::string> typed_json_of_row(std::string_view tsv);

/// `contexts_com_acme_user_profile_1` for prefix `contexts` and iglu:com.acme/userProfile/…/1-0-2;
/// also the name of the warehouse's column. Fails where `schema_uri` is no Iglu URI.
Result<std::string> shredded_name(std::string_view prefix, std::string_view schema_uri);

}  // namespace snowline::enricher
