// Any text as a querystring, in every charset: pairs with names, of UTF-8, or an error.
#include "common/check.h"
#include "common/text/utf8.h"
#include "enricher/load/querystring.h"

#include <cstddef>
#include <cstdint>

using namespace snowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto charset = static_cast<enricher::Charset>(data[0] % 7);
    json::Arena arena;
    const std::string text =
        text::to_valid_utf8({reinterpret_cast<const char*>(data) + 1, size - 1});
    const auto pairs = enricher::parse_querystring(text, charset, arena);
    if (!pairs) {
        SNOWLINE_CHECK(!pairs.error().empty());
        return 0;
    }
    for (const enricher::Parameter& pair : *pairs) {
        SNOWLINE_CHECK(text::is_utf8(pair.name));
        SNOWLINE_CHECK(text::is_utf8(pair.value.value_or("")));
    }
    SNOWLINE_CHECK(enricher::Parameters(*pairs).in_reference_order().size() <= pairs->size());
    return 0;
}
