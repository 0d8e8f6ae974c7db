#include "common/regex/java_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8

#include "common/regex/java_regex_write.h"
#include "common/text/utf8.h"

#include <mutex>
#include <optional>

#include <pcre2.h>
#include <re2/re2.h>

namespace snowline::text {
namespace {

using java_regex::Question;

struct FreeCode {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeContext {
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct FreeData {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

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

    JavaRegex::Outcome run(std::string_view text, Question question) const {
        // RE2 may have to walk the whole program at each character: that is its bound.
        constexpr std::uint64_t kWorkMax = 2'000'000'000;
        if (static_cast<std::uint64_t>(re2_.ProgramSize()) * text.size() > kWorkMax) {
            return JavaRegex::Outcome::kLimit;
        }
        const auto anchor = question == Question::kFind ? RE2::UNANCHORED : RE2::ANCHOR_BOTH;
        const re2::StringPiece piece(text.data(), text.size());
        return re2_.Match(piece, 0, text.size(), anchor, nullptr, 0) ? JavaRegex::Outcome::kYes
                                                                     : JavaRegex::Outcome::kNo;
    }

private:
    RE2 re2_;
};

class Pcre2Program {
public:
    static Result<std::unique_ptr<Pcre2Program>, std::string> compile(
        const std::string& pattern, const JavaRegex::Limits& limits) {
        int error = 0;
        PCRE2_SIZE offset = 0;
        std::unique_ptr<pcre2_code, FreeCode> code(pcre2_compile(
            reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
            PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C, &error, &offset, nullptr));
        if (!code) {
            char message[256] = "";
            pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(message), sizeof message);
            return unexpected(std::string(message));
        }
        auto program = std::make_unique<Pcre2Program>();
        program->code_ = std::move(code);
        program->context_.reset(pcre2_match_context_create(nullptr));
        pcre2_set_match_limit(program->context_.get(), limits.steps_max);
        pcre2_set_depth_limit(program->context_.get(), limits.depth_max);
        pcre2_set_heap_limit(program->context_.get(), limits.heap_kib_max);
        return program;
    }

    JavaRegex::Outcome run(std::string_view text, Question question) const {
        // One pair: nobody asks where the match is. Kept, as it holds the memory of the last match.
        thread_local const std::unique_ptr<pcre2_match_data, FreeData> kData(
            pcre2_match_data_create(1, nullptr));
        const std::uint32_t anchors =
            question == Question::kFind ? 0 : PCRE2_ANCHORED | PCRE2_ENDANCHORED;
        const int result =
            pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0,
                        anchors | PCRE2_NO_UTF_CHECK, kData.get(), context_.get());
        if (result >= 0) return JavaRegex::Outcome::kYes;
        return result == PCRE2_ERROR_NOMATCH ? JavaRegex::Outcome::kNo : JavaRegex::Outcome::kLimit;
    }

private:
    std::unique_ptr<pcre2_code, FreeCode> code_;
    std::unique_ptr<pcre2_match_context, FreeContext> context_;
};

// The text with its lone surrogates (and what else is no UTF-8) replaced.
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
    // RE2 has no lookahead: a `$` at the end takes the terminator in with it, which `matches` must
    // not. So each question has its program, made when it is first needed.
    struct Re2Question {
        std::string pattern;
        mutable std::once_flag made;
        mutable std::unique_ptr<Re2Program> program;
    };

    Re2Question re2_find, re2_matches;
    std::unique_ptr<Pcre2Program> pcre2;  // where RE2 cannot
    Limits limits;

    Outcome run(std::string_view text, Question question) const {
        if (!is_utf8(text)) return run_utf8(repaired(text), question);
        return run_utf8(text, question);
    }

    Outcome run_utf8(std::string_view text, Question question) const {
        if (pcre2) return pcre2->run(text, question);
        const Re2Question& re2 = question == Question::kFind ? re2_find : re2_matches;
        const Re2Program* program = program_of(re2);
        return program != nullptr ? program->run(text, question) : Outcome::kLimit;
    }

    const Re2Program* program_of(const Re2Question& question) const {
        std::call_once(question.made,
                       [&] { question.program = Re2Program::compile(question.pattern, limits); });
        return question.program.get();
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
        engine->re2_find.pattern = std::move(*written);
        engine->re2_matches.pattern = java_regex::write_re2(*tree, Question::kMatches).value();
        // What the small automaton can say is within RE2's bounds, too.
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

JavaRegex::Outcome JavaRegex::find_by_table(std::string_view text) const {
    using Answer = java_regex::AsciiDfa::Answer;
    if (dfa_) {
        const Answer answer = dfa_->find(text);
        if (answer != Answer::kNotAscii) {
            return answer == Answer::kYes ? Outcome::kYes : Outcome::kNo;
        }
    }
    return engine_->run(text, Question::kFind);
}

JavaRegex::Outcome JavaRegex::matches(std::string_view text) const {
    return engine_->run(text, Question::kMatches);
}

}  // namespace snowline::text
