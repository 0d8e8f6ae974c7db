#include "iglu/authoring/diff/pattern_sample.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace snowline::iglu::diff {
namespace {

constexpr std::size_t kTextMax = 4096;
constexpr int kDepthMax = 32;  // of groups
constexpr int kUnbounded = -1;

// Parses a pattern and writes a matching text, in one pass.
class Sampler {
public:
    Sampler(std::string_view pattern, Choice choice) : rest_(pattern), choice_(choice) {}

    std::optional<std::string> run() {
        auto text = alternatives(0);
        if (!text || !rest_.empty()) return std::nullopt;
        return text;
    }

private:
    struct Repeats {
        int least = 1, most = 1;
    };

    bool take(std::string_view token) {
        if (!rest_.starts_with(token)) return false;
        rest_.remove_prefix(token.size());
        return true;
    }

    std::optional<std::string> alternatives(int depth) {
        if (depth > kDepthMax) return std::nullopt;
        std::optional<std::string> chosen;
        do {
            auto text = sequence(depth);
            if (!text) return std::nullopt;
            if (!chosen || choice_ == Choice::kMore) chosen = std::move(text);
        } while (take("|"));
        return chosen;
    }

    std::optional<std::string> sequence(int depth) {
        std::string text;
        while (!rest_.empty() && rest_[0] != '|' && rest_[0] != ')') {
            if (take("^") || take("$")) continue;
            const auto atom = read_atom(depth);
            if (!atom) return std::nullopt;
            const auto repeats = read_repeats();
            if (!repeats) return std::nullopt;
            const bool more = choice_ == Choice::kMore &&
                              (repeats->most == kUnbounded || repeats->least < repeats->most);
            for (int i = 0; i < repeats->least + (more ? 1 : 0); ++i) text += *atom;
            if (text.size() > kTextMax) return std::nullopt;
        }
        return text;
    }

    std::optional<std::string> read_atom(int depth) {
        if (take("(?:") || (!rest_.starts_with("(?") && take("("))) {
            auto text = alternatives(depth + 1);
            return text && take(")") ? text : std::nullopt;
        }
        if (rest_.starts_with("(")) return std::nullopt;
        if (take("[")) return read_class();
        if (take("\\")) return read_escape();
        const char c = rest_[0];
        rest_.remove_prefix(1);
        return std::string(1, c == '.' ? 'x' : c);
    }

    // One character for an escape; the backslash is consumed.
    std::optional<std::string> read_escape() {
        if (rest_.empty()) return std::nullopt;
        const char c = rest_[0];
        rest_.remove_prefix(1);
        switch (c) {
            case 'd':
                return choice_ == Choice::kMore ? "7" : "0";
            case 'w':
                return choice_ == Choice::kMore ? "Z" : "a";
            case 's':
                return " ";
            case 'S':
            case 'D':
                return "x";
            case 'W':
                return "-";
            case 'b':
                return "";
            case 'n':
                return "\n";
            case 't':
                return "\t";
            default:
                break;
        }
        return text::is_alphanumeric(c) ? std::nullopt : std::optional(std::string(1, c));
    }

    // The first or the last character that a class lists; for a negated class one that it does not
    // list.
    std::optional<std::string> read_class() {
        const bool negated = take("^");
        std::string members;
        bool first = true;
        while (!rest_.empty() && (rest_[0] != ']' || first)) {
            first = false;
            if (take("\\")) {
                const auto escaped = read_escape();
                if (!escaped) return std::nullopt;
                members += *escaped;
                continue;
            }
            const char from = rest_[0];
            rest_.remove_prefix(1);
            members += from;
            if (rest_.size() >= 2 && rest_[0] == '-' && rest_[1] != ']' && rest_[1] != '\\') {
                members += rest_[1];
                rest_.remove_prefix(2);
            }
        }
        if (!take("]") || members.empty()) return std::nullopt;
        if (!negated) return std::string(1, choice_ == Choice::kMore ? members.back() : members[0]);
        for (const char c : std::string_view("xA0 -_~")) {
            if (members.find(c) == std::string::npos) return std::string(1, c);
        }
        return std::nullopt;
    }

    std::optional<Repeats> read_repeats() {
        Repeats repeats;
        if (take("?"))
            repeats = {0, 1};
        else if (take("*"))
            repeats = {0, kUnbounded};
        else if (take("+"))
            repeats = {1, kUnbounded};
        else if (take("{")) {
            const auto least = read_number();
            if (!least) return std::nullopt;
            repeats = {*least, *least};
            if (take(",")) repeats.most = read_number().value_or(kUnbounded);
            if (!take("}")) return std::nullopt;
        } else {
            return repeats;
        }
        if (!take("?")) take("+");  // lazy, possessive: the same texts
        return repeats;
    }

    std::optional<int> read_number() {
        int number = 0;
        const auto [end, error] =
            std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
        if (error != std::errc{} || number > static_cast<int>(kTextMax)) return std::nullopt;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return number;
    }

    std::string_view rest_;
    Choice choice_;
};

}  // namespace

std::optional<std::string> pattern_sample(std::string_view pattern, Choice choice) {
    return Sampler(pattern, choice).run();
}

}  // namespace snowline::iglu::diff
