#pragma once

#include "common/log/log.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::enricher {

/// Where a record of the raw topic comes from, so that what the enricher makes up for its events is
/// the same whenever the record is enriched again.
struct RecordOrigin {
    std::string_view topic = {};  // empty: the record comes from no log
    std::int32_t partition = 0;
    std::int64_t offset = 0;                         // in a file: which payload, from 0
    std::optional<std::string_view> record_id = {};  // of the header snowline-id, where it is one
};

RecordOrigin origin_of(const log::Record& record);

/// Makes ids for the events of one record that came without: version-5 UUIDs of where the event
/// comes from. What has no log is known by its bytes. Views must outlive it.
class EventIds {
public:
    EventIds(const RecordOrigin& origin, std::string_view record)
        : origin_(origin), record_(record) {}

    /// `index` is the event's in its request.
    std::string of_event(std::uint32_t index) const;
    std::string of_pii_event(std::uint32_t index) const;

private:
    std::string name_of(std::uint32_t index) const;

    RecordOrigin origin_;
    std::string_view record_;
};

}  // namespace snowline::enricher
