#pragma once

#include "enricher/event/field.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The room of outputs, in the order of the data:
//
//   an event or a bad row (values)
//     → Outputs::route (outputs.h): which outputs of the stream it goes to; pure
//     → RowWriter (row_writer.h): one text for each format that those outputs ask for,
//       by the encoders tsv.h, typed_json.h; bad rows are made in bad_row.h
//     → row_limit.h: what is beyond its output's limit becomes a size_violation
//     → Row (row.h): the bytes, and the output that they are for
//     → parked_rows.h: rows of an output that is parked go to bad
//
// What of outputs changes while rows are made is in output_states.h.
// Nothing here does I/O. Topics are names; the runner sends the rows.
namespace snowline::enricher {

/// What a row tells of: each event goes to one of good and bad, and may leave rows in the others.
enum class Stream : std::uint8_t { kGood, kBad, kFailed, kPii };
inline constexpr std::size_t kStreams = 4;

enum class Format : std::uint8_t {
    kTsv,
    kTypedJson,
    kBadRow,  // self-describing JSON, of the stream kBad only
};

/// The longest row that Kafka's brokers take by default, headers beside it.
inline constexpr std::size_t kRowBytesMax = 1'000'000;

/// What becomes of the rows of an output whose topic is gone or not allowed.
enum class OnUnavailable : std::uint8_t {
    kWait,  // nothing is committed until it can be written again
    kPark,  // a copy goes to bad, and the others go on
};

/// One place that rows go to.
struct Output {
    std::string name;  // in metrics and where people read it
    Stream stream = Stream::kGood;
    std::string topic;
    Format format = Format::kTsv;
    std::optional<Field> key = {};    // the column whose value is the record's key; none: no key
    std::vector<Field> headers = {};  // columns that are headers of the record, too
    std::size_t bytes_max = kRowBytesMax;  // of a row's value; its topic may take less
    OnUnavailable on_unavailable = OnUnavailable::kWait;
};

}  // namespace snowline::enricher
