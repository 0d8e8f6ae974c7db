#pragma once

#include "common/model/schema_key.h"
#include "iglu/validate/validator.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace snowline::cli {

/// Validates the data of real rows against a new version of a schema, and counts refusals and their
/// causes.
class Rehearsal {
public:
    Rehearsal(model::SchemaKey key, std::shared_ptr<const iglu::validate::CompiledSchema> schema)
        : key_(std::move(key)), schema_(std::move(schema)) {}

    void add_row(std::string_view row);

    struct Share {
        std::int64_t instances = 0, refused = 0;
    };
    /// The refusals at one place by one keyword. All items of an array are one place:
    /// `/items/*/price`.
    struct Cause {
        std::string pointer, keyword;
        std::int64_t instances = 0;
        std::string message;                    // of the first
        std::string event_id, app_id, version;  // of the first
        std::string example;                    // data of the first, compact
    };

    std::int64_t rows() const { return rows_; }
    std::int64_t unreadable() const { return unreadable_; }
    const Share& all() const { return all_; }
    bool refuses_some() const { return all_.refused > 0; }

    /// The result, for people and as JSON.
    std::string report(std::size_t examples) const;
    std::string to_json() const;

private:
    using ByName = std::map<std::string, Share, std::less<>>;

    static void count(ByName& shares, const std::string& name, bool is_refused);
    std::vector<Cause> causes() const;  // the most frequent first

    model::SchemaKey key_;
    std::shared_ptr<const iglu::validate::CompiledSchema> schema_;
    std::int64_t rows_ = 0, rows_with_it_ = 0, unreadable_ = 0, untold_ = 0;
    Share all_;
    ByName versions_, apps_;
    std::map<std::pair<std::string, std::string>, Cause> causes_;
};

}  // namespace snowline::cli
