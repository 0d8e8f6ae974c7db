#include "common/regex/java_regex_characters.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

namespace snowline::text::java_regex {
namespace {

using Kind = Node::Kind;

class Parser : private CharacterReader {
public:
    explicit Parser(std::string_view pattern) : CharacterReader(pattern) {}

    Result<Node, std::string> run() {
        Node whole = alternation(0);
        if (!at_end()) fail("Unmatched closing ')'");
        if (error_) return unexpected(*error_);
        bind_references(whole);
        return whole;
    }

private:
    Node alternation(int depth) {
        if (depth > kDepthMax) fail("is nested too deep");
        std::vector<Node> branches;
        do {
            branches.push_back(sequence(depth));
        } while (take('|'));
        if (branches.size() == 1) return std::move(branches[0]);
        return Node{.kind = Kind::kAlternation, .children = std::move(branches)};
    }

    Node sequence(int depth) {
        Node out;
        while (true) {
            const std::uint32_t c = peek();
            if (c == kEnd || c == '|' || c == ')') return out;
            if (c == '*' || c == '+' || c == '?') {
                fail(fmt::format("Dangling meta character '{}'", static_cast<char>(c)));
                return out;
            }
            if (c == '\\' && ahead(1) == 'Q') {
                quoted(out);
                continue;
            }
            if (c == '(') {
                if (auto group = this->group(depth))
                    out.children.push_back(quantified(std::move(*group)));
                continue;
            }
            // A quantifier in braces without an atom before it repeats the empty expression.
            Node one = c == '{' ? Node{} : atom();
            out.children.push_back(quantified(std::move(one)));
        }
    }

    // \Q…\E: a quantifier behind it applies to the last character.
    void quoted(Node& out) {
        at_ += 2;
        const std::size_t before = out.children.size();
        while (!at_end() && !(ahead(0) == '\\' && ahead(1) == 'E')) {
            out.children.push_back(literal(chars_[at_++]));
        }
        at_ = std::min(at_ + 2, chars_.size());
        if (out.children.size() == before) return;
        Node last = std::move(out.children.back());
        out.children.back() = quantified(std::move(last));
    }

    // Empty for a group that only sets flags.
    std::optional<Node> group(int depth) {
        ++at_;
        Node out{.kind = Kind::kCapture};
        const Flags outside = flags_;
        if (ahead(0) == '?') {
            ++at_;
            const std::uint32_t c = ahead(0);
            ++at_;
            switch (c) {
                case ':':
                    out.kind = Kind::kGroup;
                    break;
                case '=':
                    out.kind = Kind::kLookahead;
                    break;
                case '!':
                    out.kind = Kind::kNegativeLookahead;
                    break;
                case '>':
                    out.kind = Kind::kAtomic;
                    break;
                case '<':
                    if (ahead(0) == '=' || ahead(0) == '!') {
                        out.kind = ahead(0) == '=' ? Kind::kLookbehind : Kind::kNegativeLookbehind;
                        ++at_;
                    } else {
                        name_group();
                    }
                    break;
                default:
                    --at_;
                    if (inline_flags()) return std::nullopt;
                    out.kind = Kind::kGroup;
            }
        }
        if (out.kind == Kind::kCapture) out.number = ++groups_;
        out.children.push_back(alternation(depth + 1));
        if (ahead(0) != ')') fail("Unclosed group");
        ++at_;
        flags_ = outside;
        return out;
    }

    std::string group_name() {
        std::string name;
        if (!is_letter(ahead(0))) fail("capturing group name does not start with a Latin letter");
        while (is_letter(ahead(0)) || is_digit(ahead(0))) name += static_cast<char>(chars_[at_++]);
        if (ahead(0) != '>') fail("named capturing group is missing trailing '>'");
        ++at_;
        return name;
    }

    void name_group() {
        std::string name = group_name();
        if (!names_.emplace(name, groups_ + 1).second) {
            fail(fmt::format("Named capturing group <{}> is already defined", name));
        }
    }

    // (?idmsuxU-idmsuxU) or with a colon. True where it ends with `)`, so that the flags apply to
    // the rest of the enclosing group.
    bool inline_flags() {
        bool on = true;
        for (;; ++at_) {
            switch (ahead(0)) {
                case 'i':
                    flags_.ignore_case = on;
                    break;
                case 'm':
                    flags_.multi_line = on;
                    break;
                case 's':
                    flags_.dot_all = on;
                    break;
                case 'd':
                    flags_.unix_lines = on;
                    break;
                case 'u':
                    flags_.unicode_case = on;
                    break;
                case 'x':
                    flags_.comments = on;
                    break;
                case 'U':
                    flags_.unicode_classes = flags_.unicode_case = on;
                    break;
                case 'c':
                    break;  // canonical equivalence: has no effect inside an expression
                case '-':
                    if (!on) fail("Unknown inline modifier");
                    on = false;
                    break;
                case ')':
                    ++at_;
                    return true;
                case ':':
                    ++at_;
                    return false;
                default:
                    fail("Unknown inline modifier");
                    return true;
            }
        }
    }

    Node quantified(Node one) {
        Node out{.kind = Kind::kRepeat};
        switch (peek()) {
            case '?':
                out.min = 0, out.max = 1;
                break;
            case '*':
                out.min = 0, out.max = Node::kUnbounded;
                break;
            case '+':
                out.min = 1, out.max = Node::kUnbounded;
                break;
            case '{':
                counted(out);
                break;
            default:
                return one;
        }
        ++at_;
        if (take('?')) {
            out.greed = Node::Greed::kLazy;
        } else if (take('+')) {
            out.greed = Node::Greed::kPossessive;
        }
        out.children.push_back(std::move(one));
        return out;
    }

    // {n}, {n,} or {n,m}; stops at the closing brace.
    void counted(Node& out) {
        ++at_;
        if (!is_digit(ahead(0))) return fail("Illegal repetition");
        out.min = out.max = count();
        if (ahead(0) == ',') {
            ++at_;
            out.max = ahead(0) == '}' ? Node::kUnbounded : is_digit(ahead(0)) ? count() : 0;
        }
        if (ahead(0) != '}') fail("Unclosed counted closure");
        if (out.max < out.min) fail("Illegal repetition range");
    }

    std::uint32_t count() {
        std::uint64_t value = 0;
        for (; is_digit(ahead(0)); ++at_) {
            value = value * 10 + (ahead(0) - '0');
            if (value > INT32_MAX) fail("Illegal repetition range");
        }
        return static_cast<std::uint32_t>(value);
    }

    Node atom() {
        const std::uint32_t c = peek();
        ++at_;
        switch (c) {
            case '[':
                return of_set(character_class(true, 0));
            case '.':
                return of_set(dot());
            case '^':
                if (!flags_.multi_line) return {.kind = Kind::kInputStart};
                return {.kind = flags_.unix_lines ? Kind::kUnixLineStart : Kind::kLineStart};
            case '$':
                if (!flags_.multi_line) return last_line_end();
                return {.kind = flags_.unix_lines ? Kind::kUnixLineEnd : Kind::kLineEnd};
            case '\\':
                return escaped_atom();
            default:
                return literal(c);
        }
    }

    Node last_line_end() const {
        return {.kind = flags_.unix_lines ? Kind::kUnixLastLineEnd : Kind::kLastLineEnd};
    }

    Set dot() const {
        if (flags_.dot_all) return set_of({{0, 0x10FFFF}});
        if (flags_.unix_lines) return set_of({{'\n', '\n'}}, true);
        return set_of({{'\n', '\n'}, {'\r', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}}, true);
    }

    Node of_set(Set set) const {
        const bool folds = flags_.ignore_case && flags_.unicode_case;
        return {.kind = Kind::kSet,
                .fold = folds ? Fold::kUnicode : Fold::kNone,
                .set = std::move(set)};
    }
    Node literal(std::uint32_t c) const { return of_set(one(c, c)); }

    Node escaped_atom() {
        const std::uint32_t c = ahead(0);
        switch (c) {
            case 'A':
            case 'G':
                ++at_;
                return {.kind = Kind::kInputStart};
            case 'z':
                ++at_;
                return {.kind = Kind::kInputEnd};
            case 'Z':
                ++at_;
                return last_line_end();
            case 'B':
                ++at_;
                return {.kind = Kind::kNotWordBoundary};
            case 'X':
                ++at_;
                return {.kind = Kind::kGrapheme};
            case 'R':
                ++at_;
                return line_break();
            case 'b':
                ++at_;
                if (ahead(0) == '{' && ahead(1) == 'g' && ahead(2) == '}') {
                    at_ += 3;
                    return {.kind = Kind::kGraphemeBoundary};
                }
                return {.kind = Kind::kWordBoundary};
            case 'k':
                ++at_;
                if (ahead(0) != '<') fail("\\k is not followed by '<' for named capturing group");
                ++at_;
                return named_reference();
            default:
                break;
        }
        if (c >= '1' && c <= '9') return numbered_reference();
        if (auto set = predefined_set()) return of_set(std::move(*set));
        return literal(escaped_character());
    }

    Node line_break() const {
        Node crlf;
        crlf.children.push_back({.kind = Kind::kSet, .set = set_of({{'\r', '\r'}})});
        crlf.children.push_back({.kind = Kind::kSet, .set = set_of({{'\n', '\n'}})});
        Node out{.kind = Kind::kAlternation};
        out.children.push_back(std::move(crlf));
        out.children.push_back(
            {.kind = Kind::kSet, .set = set_of({{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}})});
        Node group{.kind = Kind::kGroup};
        group.children.push_back(std::move(out));
        return group;
    }

    Node named_reference() {
        const std::string name = group_name();
        const auto known = names_.find(name);
        if (known == names_.end()) {
            fail(fmt::format("named capturing group <{}> does not exist", name));
            return {};
        }
        return {.kind = Kind::kBackReference, .number = known->second};
    }

    // Takes as many digits as form the number of a group that has begun.
    Node numbered_reference() {
        std::uint32_t number = ahead(0) - '0';
        ++at_;
        while (is_digit(ahead(0)) && number * 10 + (ahead(0) - '0') <= groups_) {
            number = number * 10 + (ahead(0) - '0');
            ++at_;
        }
        return {.kind = Kind::kBackReference, .number = number};
    }

    // A reference to a group that the expression does not have never matches.
    void bind_references(Node& node) const {
        if (node.kind == Kind::kBackReference && node.number > groups_) node.kind = Kind::kNothing;
        for (Node& child : node.children) bind_references(child);
    }

    std::uint32_t groups_ = 0;
    std::map<std::string, std::uint32_t> names_;
};

}  // namespace

Result<Node, std::string> parse(std::string_view pattern) {
    return Parser(pattern).run();
}

}  // namespace snowline::text::java_regex
