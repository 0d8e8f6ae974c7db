#pragma once

#include "enricher/outputs/bad_row.h"
#include "enricher/outputs/row_writer.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What takes the place of rows that their output does not take: a size_violation with the
/// beginning of the row.
namespace snowline::enricher {

enum class Fits : std::uint8_t { kYes, kNo };

/// Puts a bad row behind `rows` for each output of the stream, or its size_violation where it does
/// not fit there: then kNo. `index` is the event's in its request.
Fits append_bad_row(std::string text, std::uint32_t index, const BadRowSource& source,
                    const Outputs& outputs, std::vector<Row>& rows);

/// The same for an event's row that does not fit its own output: a size_violation.
void append_size_violation(const TooLarge& row, std::uint32_t index, const BadRowSource& source,
                           const Outputs& outputs, std::vector<Row>& rows);

/// Events of a request that are left out since the ones before them became too much.
struct LeftOut {
    std::string_view record;  // as it was read
    std::size_t events, of;   // how many of how many
    std::size_t rows, bytes;  // what the others became
    std::size_t rows_max, bytes_max;
    bool show_record = true;  // its beginning, in base64, in the row's payload
};

/// A size_violation that tells of them. `index` is the first one's.
void append_left_out(const LeftOut& left_out, std::uint32_t index, const BadRowSource& source,
                     const Outputs& outputs, std::vector<Row>& rows);

}  // namespace snowline::enricher
