#include "enricher/pipeline/record_origin.h"

#include "common/log/record_id.h"
#include "common/text/sha256.h"
#include "common/text/uuid.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

// Of all ids that Snowline derives: 6f6b1f0e-3c1d-5a7e-9a44-2f0d1c5b7e90. Never to be changed: an
// event that is enriched again must keep its id.
constexpr text::UuidBytes kNamespace{0x6f, 0x6b, 0x1f, 0x0e, 0x3c, 0x1d, 0x5a, 0x7e,
                                     0x9a, 0x44, 0x2f, 0x0d, 0x1c, 0x5b, 0x7e, 0x90};

}  // namespace

// What is no id of a collector of ours may be the same on different records.
RecordOrigin origin_of(const log::Record& record) {
    RecordOrigin origin{
        .topic = record.topic, .partition = record.partition, .offset = record.offset};
    for (const log::Header& header : record.headers) {
        if (header.name == log::kRecordIdHeader && log::parse_record_id(header.value)) {
            origin.record_id = header.value;
        }
    }
    return origin;
}

std::string EventIds::name_of(std::uint32_t index) const {
    if (origin_.record_id) return fmt::format("{}:{}", *origin_.record_id, index);
    const std::string topic =
        origin_.topic.empty() ? text::sha256_hex(record_) : std::string(origin_.topic);
    return fmt::format("{}:{}:{}:{}", topic, origin_.partition, origin_.offset, index);
}

std::string EventIds::of_event(std::uint32_t index) const {
    return text::format_uuid_v5(kNamespace, name_of(index));
}

std::string EventIds::of_pii_event(std::uint32_t index) const {
    return text::format_uuid_v5(kNamespace, name_of(index) + ":pii");
}

}  // namespace snowline::enricher
