#pragma once

#include "common/json/value.h"
#include "common/model/schema_key.h"
#include "common/result.h"
#include "common/work_limit.h"
#include "enricher/load/failure.h"
#include "iglu/resolve/schema_source.h"
#include "iglu/validate/validator.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

class SchemaObserver;

/// A schema known to a worker: its URI is parsed once, and looked up once.
struct Schema {
    /// The looked-up schema's checks, unless it is superseded: all that most events need.
    const iglu::validate::Checks* checks = nullptr;
    const iglu::Lookup* lookup = nullptr;  // set at the first successful lookup
    std::string_view uri;
    const model::SchemaKey& key;
};

/// A JSON value and its schema, which belongs to the worker's SchemaTable.
struct Entity {
    const Schema* schema = nullptr;
    json::Value data;
};

/// The schemas known to one worker, by the text of their URIs: an entity costs one hash of a text
/// and no allocation. Returned pointers stay valid until `trim` or `forget`, so for all of a
/// record.
class SchemaTable {
public:
    using Known = Result<const Schema*, model::ParseErrorCode>;

    explicit SchemaTable(iglu::SchemaSource& source) : source_(source) {}

    Known find(std::string_view uri);
    /// Announces URIs that will be looked up and validated. With so many schemas that they do not
    /// fit the processor's caches, prefetches all of them together.
    void expect(std::span<const std::string_view> uris) const;
    bool is_large() const { return entries_.size() > kEntriesInCaches; }
    /// The schema of a URI in our own code, which must be valid.
    const Schema* known(std::string_view uri);
    /// Asks the source; a found schema is kept, a failure is not, as it may be temporary. nullptr:
    /// not known yet.
    const iglu::Lookup* lookup(const Schema& schema);

    /// To be called between records: forgets all entries if there are too many (`is_too_large`), as
    /// clients choose the URIs.
    void trim();
    bool is_too_large() const;
    /// Exchanges the entries of two tables of one source; references into them stay valid.
    void swap_contents(SchemaTable& other);
    /// To be called when the source was refreshed, which invalidates its references.
    void forget();

    /// Sets the observer of look-ups and validations; nullptr: none.
    void observe(SchemaObserver* observer) { observer_ = observer; }
    SchemaObserver* observer() const { return observer_; }

    /// Of the record in work, until the next call; nullptr: none.
    void limit(WorkLimit* work) { work_ = work; }
    /// Nothing of what is asked now will be used: see WorkLimit.
    bool is_over() const { return work_ != nullptr && work_->is_over(); }

private:
    static constexpr std::size_t kEntriesInCaches = 400;

    /// The parts of an entry that are rarely read.
    struct Rest {
        model::SchemaKey key;
        std::string text;                            // as found in the data
        std::string uri;                             // as the key prints it
        std::optional<model::ParseErrorCode> error;  // set where the text is no Iglu URI
    };
    /// The parts of an entry that are read for each entity: two cache lines, as most texts are
    /// short.
    struct alignas(128) Entry {
        explicit Entry(const Rest& of);
        bool is(std::string_view uri) const {
            if (uri.size() > sizeof near_text) return uri == rest.text;
            return uri == std::string_view(near_text, near_size);
        }

        Schema schema;
        const Rest& rest;
        bool is_uri;
        std::uint8_t near_size = UINT8_MAX;  // of the text, where `near_text` has it
        char near_text[78];
    };
    /// Open addressing, at most half full.
    struct Slot {
        std::size_t hash = 0;
        Entry* entry = nullptr;
        /// The entry's checks, and how many cache lines of them to prefetch, without reading the
        /// entry.
        const iglu::validate::Checks* checks = nullptr;
        std::uint32_t checks_lines = 0;
    };

    Slot& slot_of(std::string_view uri, std::size_t hash);
    Entry& add(std::string_view uri);
    void grow();

    iglu::SchemaSource& source_;
    SchemaObserver* observer_ = nullptr;
    WorkLimit* work_ = nullptr;
    std::deque<Entry> entries_;
    std::deque<Rest> rests_;
    std::vector<Slot> slots_;
};

/// Reads `{"schema": <Iglu URI>, "data": …}`; other members are ignored. The error codes are the
/// reference's.
Result<Entity, model::ParseErrorCode> self_describing(json::Value json, SchemaTable& schemas);

struct Checked {
    Entity entity;  // its schema is the superseding one, if any
    std::optional<model::SchemaVer> superseded_by;
};

/// Validates the data against its schema; nullopt: the schema is not known yet.
std::optional<Result<Checked, SchemaFailure>> check(const Entity& entity, SchemaTable& schemas);

}  // namespace snowline::enricher
