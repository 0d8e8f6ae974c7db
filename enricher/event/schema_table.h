#pragma once

#include "common/json/value.h"
#include "common/model/schema_key.h"
#include "common/result.h"
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

/// A schema that a worker met: its URI is read once, and looked up once.
struct Schema {
    /// Of the lookup's schema, where nothing supersedes it: what most events need.
    const iglu::validate::Checks* checks = nullptr;
    const iglu::Lookup* lookup = nullptr;  // from the first check on, once there is a schema
    std::string_view uri;
    const model::SchemaKey& key;
};

/// A JSON and which schema it has. The schema belongs to the worker's SchemaTable.
struct Entity {
    const Schema* schema = nullptr;
    json::Value data;
};

/// The schemas that a worker met, by the text of their URIs, so that an event costs one hash of a
/// text each and no allocation. Belongs to one worker. What it gave stays valid until `trim` or
/// `forget`, so for the whole of a record.
class SchemaTable {
public:
    using Known = Result<const Schema*, model::ParseErrorCode>;

    explicit SchemaTable(iglu::SchemaSource& source) : source_(source) {}

    Known find(std::string_view uri);
    /// These are about to be looked up, and checked. Where there are so many schemas that those of
    /// an event have left the processor's caches, all of them are fetched at a time.
    void expect(std::span<const std::string_view> uris) const;
    bool is_large() const { return entries_.size() > kEntriesInCaches; }
    /// Of a URI that our own code names.
    const Schema* known(std::string_view uri);
    /// Asks the source, once; failures are asked for each time, they may be preliminary. nullptr:
    /// it does not know yet.
    const iglu::Lookup* lookup(const Schema& schema);

    /// To be called between records: forgets all if strangers' URIs made it large (`is_too_large`).
    void trim();
    bool is_too_large() const;
    /// What either of them gave stays valid, and is then the other's. Their source is the same.
    void swap_contents(SchemaTable& other);
    /// To be called when the source was refreshed: its references are of no more use.
    void forget();

    /// Who is told of lookups and checks; nullptr: nobody.
    void observe(SchemaObserver* observer) { observer_ = observer; }
    SchemaObserver* observer() const { return observer_; }

private:
    static constexpr std::size_t kEntriesInCaches = 400;

    /// What of an entry an event does not read.
    struct Rest {
        model::SchemaKey key;
        std::string text;                            // as it was met
        std::string uri;                             // as the key writes it
        std::optional<model::ParseErrorCode> error;  // set where the text is no Iglu URI
    };
    /// What an event reads: two cache lines, as most texts are short.
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
    /// Open addressing: half of them are unused.
    struct Slot {
        std::size_t hash = 0;
        Entry* entry = nullptr;
        /// The entry's checks, and how many lines of them to fetch ahead: the entry is not waited
        /// for.
        const iglu::validate::Checks* checks = nullptr;
        std::uint32_t checks_lines = 0;
    };

    Slot& slot_of(std::string_view uri, std::size_t hash);
    Entry& add(std::string_view uri);
    void grow();

    iglu::SchemaSource& source_;
    SchemaObserver* observer_ = nullptr;
    std::deque<Entry> entries_;
    std::deque<Rest> rests_;
    std::vector<Slot> slots_;
};

/// Reads `{"schema": <Iglu URI>, "data": …}`; other members are ignored. The error codes are the
/// reference's.
Result<Entity, model::ParseErrorCode> self_describing(json::Value json, SchemaTable& schemas);

struct Checked {
    Entity entity;  // its schema is the superseding one, if there is such
    std::optional<model::SchemaVer> superseded_by;
};

/// Checks the data against its schema; nullopt: the schema is not known yet.
std::optional<Result<Checked, SchemaFailure>> check(const Entity& entity, SchemaTable& schemas);

}  // namespace snowline::enricher
