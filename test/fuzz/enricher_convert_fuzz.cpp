// Any text through every conversion of a parameter: a text that fits into a TSV, or an expectation.
#include "common/check.h"
#include "enricher/event/convert.h"
#include "enricher/event/decimal.h"

#include <cstddef>
#include <cstdint>

using namespace snowline;

namespace {

void judge(const enricher::Converted& converted) {
    if (!converted) {
        SNOWLINE_CHECK(!converted.error().empty());
    } else {
        SNOWLINE_CHECK(converted->value_or("").find_first_of("\t\r\n") == std::string_view::npos);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    json::Arena arena;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    judge(enricher::convert_int(text, arena));
    judge(enricher::convert_decimal(text, arena));
    judge(enricher::convert_flag(text));
    judge(enricher::convert_uuid(text, arena));
    judge(enricher::convert_timestamp(text, arena));
    judge(enricher::convert_platform(text));
    judge(enricher::convert_event_type(text));
    judge(enricher::text_value(text, arena));
    const auto dimensions = enricher::convert_dimensions(text, arena);
    SNOWLINE_CHECK(dimensions ? !dimensions->width.empty() : !dimensions.error().empty());
    return 0;
}
