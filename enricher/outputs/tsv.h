#pragma once

#include "common/result.h"
#include "enricher/event/event_view.h"

#include <cstddef>
#include <string>
#include <string_view>

/// The enriched event as a row: its 131 columns, separated by tabs, in the order of the table; null
/// is empty. No line break.
namespace snowline::enricher {

std::string tsv_row(const EventView& event);

/// The columns of such a row: views of it. Where they are not 131: how many there are.
Result<Columns, std::size_t> read_tsv_row(std::string_view row);

}  // namespace snowline::enricher
