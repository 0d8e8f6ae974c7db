#include "common/text/java_regex.h"

#include <re2/re2.h>

namespace snowline::text {

struct JavaRegex::Engine {
    explicit Engine(const re2::StringPiece& pattern) : re2(pattern, re2::RE2::Quiet) {}
    re2::RE2 re2;
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
    auto engine = std::make_unique<Engine>(re2::StringPiece(pattern.data(), pattern.size()));
    if (!engine->re2.ok()) return unexpected(engine->re2.error());
    return JavaRegex(std::move(engine));
}

JavaRegex::Outcome JavaRegex::find(std::string_view text) const {
    const bool found = re2::RE2::PartialMatch({text.data(), text.size()}, engine_->re2);
    return found ? Outcome::kYes : Outcome::kNo;
}

JavaRegex::Outcome JavaRegex::matches(std::string_view text) const {
    const bool found = re2::RE2::FullMatch({text.data(), text.size()}, engine_->re2);
    return found ? Outcome::kYes : Outcome::kNo;
}

}  // namespace snowline::text
