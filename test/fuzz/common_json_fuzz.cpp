// Any bytes as JSON: a value or an error; a value's text is read again as the same value.
#include "common/check.h"
#include "common/json/parse.h"
#include "common/json/print.h"

#include <cstddef>
#include <cstdint>

using namespace snowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    json::Arena arena;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto value = json::parse(text, arena);
    if (!value) {
        SNOWLINE_CHECK(!value.error().message.empty() && value.error().offset <= size);
        return 0;
    }
    const std::string printed = json::print(*value);
    const auto again = json::parse(printed, arena);
    SNOWLINE_CHECK(again.has_value());
    SNOWLINE_CHECK(json::print(*again) == printed);
    return 0;
}
