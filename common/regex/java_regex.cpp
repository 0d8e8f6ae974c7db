#include "common/regex/java_regex.h"

#include "common/regex/java_regex_write.h"
#include "common/regex/pcre2_program.h"
#include "common/regex/thread_bound.h"
#include "common/text/utf8.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include <re2/re2.h>

namespace snowline::text {
namespace {

using java_regex::Question;

class Re2Program {
public:
    static std::unique_ptr<Re2Program> compile(const std::string& pattern,
                                               const JavaRegex::Limits& limits) {
        RE2::Options options(RE2::Quiet);
        options.set_max_mem(static_cast<std::int64_t>(limits.program_bytes_max));
        auto program = std::make_unique<Re2Program>(pattern, options);
        return program->re2_.ok() ? std::move(program) : nullptr;
    }
    Re2Program(const std::string& pattern, const RE2::Options& options) : re2_(pattern, options) {}

    /// `threads`: the expression's thread_bound().
    JavaRegex::Answer run(std::string_view text, Question question, std::size_t threads,
                          std::uint64_t steps_max) const {
        const std::uint64_t steps = kStepsOfStart + text.size() * sixteenths_per_byte(threads) / 16;
        if (steps > steps_max) return {JavaRegex::Outcome::kLimit, 0};
        const auto anchor = question == Question::kFind ? RE2::UNANCHORED : RE2::ANCHOR_BOTH;
        const re2::StringPiece piece(text.data(), text.size());
        const bool found = re2_.Match(piece, 0, text.size(), anchor, nullptr, 0);
        return {found ? JavaRegex::Outcome::kYes : JavaRegex::Outcome::kNo,
                static_cast<std::uint32_t>(steps)};
    }

private:
    static constexpr std::uint64_t kStepsOfStart = 8;

    // RE2 does not report its work. A search that is in few states at once has few DFA states: RE2
    // has them cached or will. For one in many states a text can be written that needs new DFA
    // states at every byte, and then RE2 may walk through the whole program for each.
    std::uint64_t sixteenths_per_byte(std::size_t threads) const {
        constexpr std::size_t kFew = 8;
        const auto program = static_cast<std::size_t>(std::max(re2_.ProgramSize(), 1));
        return threads <= kFew ? std::min(threads, program) : 2 * program;
    }

    RE2 re2_;
};

// The text with lone surrogates and other malformed UTF-8 replaced.
std::string repaired(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::uint32_t c = decode_utf8(text, at);
        const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        append_utf8(surrogate ? java_regex::kSurrogateStandIn + (c - 0xD800) : c, out);
    }
    return out;
}

}  // namespace

struct JavaRegex::Engine {
    // RE2 has no lookahead: a `$` at the end consumes the terminator, which is wrong for `matches`.
    // So each question has its own program, compiled when it is first needed.
    struct Re2Question {
        std::string pattern;
        mutable std::once_flag made;
        mutable std::unique_ptr<Re2Program> program;
    };

    std::string source;  // set where RE2 can express it
    Re2Question re2_find, re2_matches;
    mutable std::once_flag threads_bounded;
    mutable std::size_t threads = 0;
    std::unique_ptr<Pcre2Program> pcre2;  // set where RE2 cannot
    Limits limits;

    Answer run(std::string_view text, Question question, std::uint64_t steps_max) const {
        steps_max = std::min<std::uint64_t>(steps_max, limits.steps_max);
        if (!is_utf8(text)) return run_utf8(repaired(text), question, steps_max);
        return run_utf8(text, question, steps_max);
    }

    Answer run_utf8(std::string_view text, Question question, std::uint64_t steps_max) const {
        if (pcre2) return pcre2->run(text, question, steps_max);
        const Re2Question& re2 = question == Question::kFind ? re2_find : re2_matches;
        const Re2Program* program = program_of(re2);
        if (program == nullptr) return {Outcome::kLimit, 0};
        return program->run(text, question, bound_of_threads(), steps_max);
    }

    const Re2Program* program_of(const Re2Question& question) const {
        std::call_once(question.made,
                       [&] { question.program = Re2Program::compile(question.pattern, limits); });
        return question.program.get();
    }

    std::size_t bound_of_threads() const {
        std::call_once(threads_bounded, [&] {
            threads = java_regex::thread_bound(java_regex::parse(source).value());
        });
        return threads;
    }
};

JavaRegex::JavaRegex(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
JavaRegex::JavaRegex(JavaRegex&&) noexcept = default;
JavaRegex& JavaRegex::operator=(JavaRegex&&) noexcept = default;
JavaRegex::~JavaRegex() = default;

Result<JavaRegex, std::string> JavaRegex::compile(std::string_view pattern) {
    return compile(pattern, Limits{});
}

Result<JavaRegex, std::string> JavaRegex::compile(std::string_view pattern, Limits limits) {
    if (pattern.size() > limits.pattern_bytes_max) return unexpected(std::string("is too long"));
    const auto tree = java_regex::parse(pattern);
    if (!tree) return unexpected(tree.error());

    auto engine = std::make_unique<Engine>();
    engine->limits = limits;
    if (auto written = java_regex::write_re2(*tree, Question::kFind)) {
        engine->source = pattern;
        engine->re2_find.pattern = std::move(*written);
        engine->re2_matches.pattern = java_regex::write_re2(*tree, Question::kMatches).value();
        // RE2 can run every expression that the small automaton can.
        auto dfa = java_regex::AsciiDfa::compile(*tree);
        if (dfa || engine->program_of(engine->re2_find) != nullptr) {
            JavaRegex regex(std::move(engine));
            regex.dfa_ = std::move(dfa);
            regex.shape_ = java_regex::AsciiShape::compile(*tree);
            return regex;
        }
    }
    const auto written = java_regex::write_pcre2(*tree);
    if (!written) return unexpected(written.error());
    auto program = Pcre2Program::compile(*written, limits);
    if (!program) return unexpected(program.error());
    engine->pcre2 = std::move(*program);
    return JavaRegex(std::move(engine));
}

JavaRegex::Answer JavaRegex::find_by_table(std::string_view text, std::uint64_t steps_max) const {
    using Table = java_regex::AsciiDfa::Answer;
    if (dfa_) {
        const Table answer = dfa_->find(text);
        if (answer != Table::kNotAscii) {
            return {answer == Table::kYes ? Outcome::kYes : Outcome::kNo, 0};
        }
    }
    return engine_->run(text, Question::kFind, steps_max);
}

JavaRegex::Answer JavaRegex::matches_within(std::string_view text, std::uint64_t steps_max) const {
    return engine_->run(text, Question::kMatches, steps_max);
}

}  // namespace snowline::text
