// Two schemas, a line break between them: compared without a crash and in bounded time, and every
// counter-example is one.
#include "common/check.h"
#include "common/json/parse.h"
#include "iglu/authoring/diff/diff.h"
#include "iglu/validate/validator.h"

#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace snowline;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || size > 16'384) return 0;
    json::Arena arena;
    const auto before = json::parse(text.substr(0, end), arena);
    const auto after = json::parse(text.substr(end + 1), arena);
    if (!before || !after) return 0;
    const auto difference = iglu::diff::diff(*before, *after);
    if (!difference) return 0;
    for (const auto& change : difference->changes) {
        if (change.counter_example.empty()) continue;
        const auto example = json::parse(change.counter_example, arena);
        SNOWLINE_CHECK(example.has_value());
        SNOWLINE_CHECK(iglu::validate::is_valid(**iglu::validate::compile(*before), *example));
        SNOWLINE_CHECK(!iglu::validate::is_valid(**iglu::validate::compile(*after), *example));
    }
    return 0;
}
