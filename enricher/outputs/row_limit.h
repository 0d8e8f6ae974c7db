#pragma once

#include "enricher/outputs/bad_row.h"
#include "enricher/outputs/row_writer.h"

#include <cstddef>
#include <cstdint>
#include <string>
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

}  // namespace snowline::enricher
