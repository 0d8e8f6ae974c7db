#pragma once

#include "common/result.h"
#include "enricher/event/event_view.h"
#include "enricher/outputs/outputs.h"
#include "enricher/outputs/row.h"
#include "enricher/outputs/typed_json.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace snowline::enricher {

/// A row that is beyond its output's limit: the largest one of its event.
struct TooLarge {
    std::string row;
    std::size_t bytes_max;
};

/// An event that a format cannot say.
struct Unwritable {
    std::string error;
};

using NotWritten = std::variant<TooLarge, Unwritable>;

/// Makes the rows of events. Keeps its memory from one event to the next. One thread.
class RowWriter {
public:
    /// Puts an event's rows for the outputs of a stream behind `rows`: each format is written once,
    /// however many outputs ask for it. All of the rows, or none where one cannot be.
    Result<void, NotWritten> write(const EventView& event, Stream stream, std::uint32_t index,
                                   const Outputs& outputs, std::vector<Row>& rows);

private:
    Result<std::string> text_of(const EventView& event, Format format);

    TypedJsonWriter typed_json_;
};

}  // namespace snowline::enricher
