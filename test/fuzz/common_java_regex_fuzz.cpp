// A pattern in the first line, a text in the rest. Checked besides the sanitizers: whichever engine
// a pattern goes to, the answer is the same. An empty lookahead behind it sends it to PCRE2.
#include "common/check.h"
#include "common/regex/java_regex.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace snowline;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using Outcome = text::JavaRegex::Outcome;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line_end = input.find('\n');
    if (line_end == std::string_view::npos || line_end > 200) return 0;
    const std::string_view pattern = input.substr(0, line_end);
    const std::string_view text = input.substr(line_end + 1, 2'000);
    const auto regex = text::JavaRegex::compile(pattern);
    if (!regex) return 0;
    const Outcome outcome = regex->find(text);
    const Outcome whole = regex->matches(text);
    if (whole == Outcome::kYes) SNOWLINE_CHECK(outcome != Outcome::kNo);

    // Quotes and comments would swallow what is put behind the pattern.
    if (pattern.find("\\Q") != std::string_view::npos ||
        pattern.find('#') != std::string_view::npos) {
        return 0;
    }
    const auto other = text::JavaRegex::compile("(?:" + std::string(pattern) + ")(?=)");
    if (!other) return 0;
    const auto [again, steps] = other->find_within(text, UINT64_MAX);
    // The steps that it took are the steps that it takes.
    if (again != Outcome::kLimit) {
        const auto repeated = other->find_within(text, steps);
        SNOWLINE_CHECK(repeated.outcome == again && repeated.steps == steps);
    }
    if (outcome == Outcome::kLimit || again == Outcome::kLimit) return 0;
    SNOWLINE_CHECK(outcome == again);
    return 0;
}
