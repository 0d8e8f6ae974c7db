#pragma once

#include "common/regex/java_regex.h"
#include "common/regex/java_regex_write.h"
#include "common/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct pcre2_real_code_8;

namespace snowline::text {

/// An expression that PCRE2 runs, with steps counted over the whole call: PCRE2's own limit
/// restarts at each place where a match may begin, and ignores the characters that one item
/// consumes. PCRE2 calls back before each item of the expression; a step is one such call, or some
/// characters consumed since the last one. The count depends only on the expression, the text and
/// the version of PCRE2; JIT, which counts differently, is not used. Immutable; shared by threads.
class Pcre2Program {
public:
    static Result<std::unique_ptr<Pcre2Program>, std::string> compile(
        const std::string& pattern, const JavaRegex::Limits& limits);

    /// `text` is UTF-8.
    JavaRegex::Answer run(std::string_view text, java_regex::Question question,
                          std::uint64_t steps_max) const;

    /// The cost of matching one item of the expression.
    struct Item {
        std::uint32_t weight = 1;     // of each character: long classes are searched
        std::uint32_t at_least = 0;   // characters before PCRE2 calls back again
        std::uint32_t refers_to = 0;  // a group whose text is compared
    };

private:
    struct FreeCode {
        void operator()(pcre2_real_code_8* code) const;
    };

    explicit Pcre2Program(std::unique_ptr<pcre2_real_code_8, FreeCode> code);
    void measure_items(std::string_view pattern);

    std::unique_ptr<pcre2_real_code_8, FreeCode> code_;
    JavaRegex::Limits limits_;
    std::vector<Item> items_;  // by their place in the pattern
    std::uint32_t weight_max_ = 1;
};

}  // namespace snowline::text
