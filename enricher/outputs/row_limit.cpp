#include "enricher/outputs/row_limit.h"

#include "common/model/collector_bad_rows.h"
#include "common/text/base64.h"
#include "common/text/utf8.h"

#include <cstdint>
#include <utility>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

// Escapes and characters of several bytes may make it too large itself: then less of the row is
// kept. `units_kept` are UTF-16 units, as the reference counts.
std::string size_violation(const std::string& row, model::SizeViolation violation,
                           std::size_t units_kept, const model::Artifact& processor,
                           std::size_t bytes_max) {
    std::string text;
    do {
        violation.payload = row.substr(0, text::utf8_prefix_of_utf16(row, units_kept));
        text = model::size_violation_json(violation, processor);
        units_kept /= 2;
    } while (text.size() > bytes_max && units_kept > 0);
    return text;
}

std::string size_violation_of_event(const TooLarge& large, const BadRowSource& source,
                                    std::size_t bytes_max) {
    model::SizeViolation violation{
        .timestamp_ms = source.now_ms,
        .maximum_bytes = static_cast<std::int64_t>(large.bytes_max),
        .actual_bytes = static_cast<std::int64_t>(large.row.size()),
        .expectation = fmt::format(
            "event passed enrichment but then exceeded the maximum allowed size {} bytes",
            large.bytes_max)};
    return size_violation(large.row, std::move(violation), large.bytes_max * 8 / 10,
                          source.processor, bytes_max);
}

std::string size_violation_of_bad_row(const std::string& row, const BadRowSource& source,
                                      std::size_t bytes_max) {
    model::SizeViolation violation{
        .timestamp_ms = source.now_ms,
        .maximum_bytes = static_cast<std::int64_t>(bytes_max),
        .actual_bytes = static_cast<std::int64_t>(row.size()),
        .expectation = fmt::format(
            "event failed enrichment, but resulting bad row exceeds allowed size {}", bytes_max)};
    return size_violation(row, std::move(violation), bytes_max / 10, source.processor, bytes_max);
}

}  // namespace

Fits append_bad_row(std::string text, std::uint32_t index, const BadRowSource& source,
                    const Outputs& outputs, std::vector<Row>& rows) {
    Fits fits = Fits::kYes;
    text.shrink_to_fit();  // many of them may wait for their commit
    const auto to = outputs.of(Stream::kBad);
    for (const OutputIndex at : to) {
        Row& row = rows.emplace_back(Row{.output = at, .index = index});
        const std::size_t bytes_max = outputs.bytes_max(at, kOriginBytes);
        if (text.size() > bytes_max) {
            fits = Fits::kNo;
            row.value = size_violation_of_bad_row(text, source, bytes_max);
        } else if (at == to.back()) {
            row.value = std::move(text);
        } else {
            row.value = text;
        }
    }
    return fits;
}

void append_size_violation(const TooLarge& large, std::uint32_t index, const BadRowSource& source,
                           const Outputs& outputs, std::vector<Row>& rows) {
    for (const OutputIndex at : outputs.of(Stream::kBad)) {
        const std::size_t bytes_max = outputs.bytes_max(at, kOriginBytes);
        rows.push_back({.output = at,
                        .value = size_violation_of_event(large, source, bytes_max),
                        .index = index});
    }
}

void append_left_out(const LeftOut& left_out, std::uint32_t index, const BadRowSource& source,
                     const Outputs& outputs, std::vector<Row>& rows) {
    const model::SizeViolation violation{
        .timestamp_ms = source.now_ms,
        .maximum_bytes = static_cast<std::int64_t>(left_out.bytes_max),
        .actual_bytes = static_cast<std::int64_t>(left_out.bytes),
        .expectation = fmt::format(
            "one record may become {} rows or {} bytes of rows, but {} of its {} events became {} "
            "rows of {} bytes; the other {} events, from index {} on, were not enriched",
            left_out.rows_max, left_out.bytes_max, left_out.of - left_out.events, left_out.of,
            left_out.rows, left_out.bytes, left_out.events, index)};
    for (const OutputIndex at : outputs.of(Stream::kBad)) {
        const std::size_t bytes_max = outputs.bytes_max(at, kOriginBytes);
        const std::size_t kept = left_out.show_record ? bytes_max / 10 : 0;
        const std::string beginning = text::encode_base64(left_out.record.substr(0, kept / 4 * 3));
        rows.push_back(
            {.output = at,
             .value = size_violation(beginning, violation, kept, source.processor, bytes_max),
             .index = index});
    }
}

}  // namespace snowline::enricher
