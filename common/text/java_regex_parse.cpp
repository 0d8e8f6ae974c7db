#include "common/text/java_regex_syntax.h"
#include "common/text/utf8.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

namespace snowline::text::java_regex {
namespace {

using Kind = Node::Kind;

constexpr int kDepthMax = 200;
constexpr std::uint32_t kEnd = UINT32_MAX;  // behind the last character

struct Flags {
    bool ignore_case = false, multi_line = false, dot_all = false, unicode_case = false;
    bool comments = false, unix_lines = false, unicode_classes = false;
};

bool is_digit(std::uint32_t c) {
    return c >= '0' && c <= '9';
}
bool is_letter(std::uint32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
int hex_value(std::uint32_t c) {
    if (is_digit(c)) return static_cast<int>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') return static_cast<int>(c - 'A') + 10;
    return -1;
}
std::uint32_t stand_in(std::uint32_t c) {
    return c >= 0xD800 && c <= 0xDFFF ? kSurrogateStandIn + (c - 0xD800) : c;
}

Set ranges(std::vector<Set::Range> list, bool negated = false) {
    Set set;
    set.negated = negated;
    set.ranges = std::move(list);
    return set;
}

Set united(Set left, Set right) {
    const auto plain = [](const Set& set) {
        return set.operation == Set::Operation::kLeaf && !set.negated;
    };
    if (plain(left) && plain(right)) {
        left.ranges.insert(left.ranges.end(), right.ranges.begin(), right.ranges.end());
        left.properties.insert(left.properties.end(), right.properties.begin(),
                               right.properties.end());
        return left;
    }
    Set set;
    set.operation = Set::Operation::kUnion;
    set.operands.push_back(std::move(left));
    set.operands.push_back(std::move(right));
    return set;
}

Set intersected(Set left, Set right) {
    Set set;
    set.operation = Set::Operation::kIntersection;
    set.operands.push_back(std::move(left));
    set.operands.push_back(std::move(right));
    return set;
}

class Parser {
public:
    explicit Parser(std::string_view pattern) {
        for (std::size_t at = 0; at < pattern.size();) {
            chars_.push_back(stand_in(decode_utf8(pattern, at)));
        }
    }

    Result<Node, std::string> run() {
        Node whole = alternation(0);
        if (!at_end()) fail("Unmatched closing ')'");
        if (error_) return unexpected(*error_);
        bind_references(whole);
        return whole;
    }

private:
    // The first error counts. It moves behind the last character, so that everything that is being
    // read comes to its end; what it returns then is thrown away.
    void fail(std::string message) {
        if (!error_) error_ = std::move(message);
        at_ = chars_.size();
    }

    bool at_end() const { return at_ >= chars_.size(); }
    std::uint32_t ahead(std::size_t offset) const {
        return at_ + offset < chars_.size() ? chars_[at_ + offset] : kEnd;
    }
    // The next character; under (?x) behind white space and comments.
    std::uint32_t peek() {
        while (flags_.comments && !at_end()) {
            if (chars_[at_] == '#') {
                while (!at_end() && chars_[at_] != '\n' && chars_[at_] != '\r') ++at_;
            } else if (chars_[at_] == ' ' || (chars_[at_] >= '\t' && chars_[at_] <= '\r')) {
                ++at_;
            } else {
                break;
            }
        }
        return ahead(0);
    }
    bool take(std::uint32_t c) {
        if (peek() != c) return false;
        ++at_;
        return true;
    }

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
            // A brace without anything before it repeats nothing.
            Node one = c == '{' ? Node{} : atom();
            out.children.push_back(quantified(std::move(one)));
        }
    }

    // \Q…\E: a quantifier behind it is for the last character.
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

    // (?idmsuxU-idmsuxU) or with a colon. True where it ends the group, so that the flags hold to
    // the end of the group around it.
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
        if (flags_.dot_all) return ranges({{0, 0x10FFFF}});
        if (flags_.unix_lines) return ranges({{'\n', '\n'}}, true);
        return ranges({{'\n', '\n'}, {'\r', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}}, true);
    }

    Node of_set(Set set) const {
        const bool folds = flags_.ignore_case && flags_.unicode_case;
        return {.kind = Kind::kSet,
                .fold = folds ? Fold::kUnicode : Fold::kNone,
                .set = std::move(set)};
    }
    Node literal(std::uint32_t c) const { return of_set(one(c, c)); }

    // With (?i) alone only ASCII letters have another case.
    Set one(std::uint32_t first, std::uint32_t last) const {
        Set set = ranges({{first, last}});
        if (!flags_.ignore_case) return set;
        for (std::uint32_t c = 'a'; c <= 'z'; ++c) {
            const std::uint32_t upper = c - 'a' + 'A';
            if (c >= first && c <= last) set.ranges.push_back({upper, upper});
            if (upper >= first && upper <= last) set.ranges.push_back({c, c});
        }
        return set;
    }

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
        crlf.children.push_back({.kind = Kind::kSet, .set = ranges({{'\r', '\r'}})});
        crlf.children.push_back({.kind = Kind::kSet, .set = ranges({{'\n', '\n'}})});
        Node out{.kind = Kind::kAlternation};
        out.children.push_back(std::move(crlf));
        out.children.push_back(
            {.kind = Kind::kSet, .set = ranges({{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}})});
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

    // As many digits as make the number of a group that has begun.
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

    // \d, \p{…} and so on; the backslash is behind us.
    std::optional<Set> predefined_set() {
        const std::uint32_t c = ahead(0);
        const bool unicode = flags_.unicode_classes;
        Set set;
        switch (c) {
            case 'd':
            case 'D':
                set = unicode ? named("IsDigit") : ranges({{'0', '9'}});
                break;
            case 'w':
            case 'W':
                set = unicode ? named("IsWord")
                              : ranges({{'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'_', '_'}});
                break;
            case 's':
            case 'S':
                set = unicode ? named("IsWhite_Space") : ranges({{'\t', '\r'}, {' ', ' '}});
                break;
            case 'h':
            case 'H':
                set = ranges({{' ', ' '},
                              {'\t', '\t'},
                              {0xA0, 0xA0},
                              {0x1680, 0x1680},
                              {0x180E, 0x180E},
                              {0x2000, 0x200A},
                              {0x202F, 0x202F},
                              {0x205F, 0x205F},
                              {0x3000, 0x3000}});
                break;
            case 'v':
            case 'V':
                set = ranges({{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}});
                break;
            case 'p':
            case 'P':
                ++at_;
                return property(c == 'P');
            default:
                return std::nullopt;
        }
        ++at_;
        if (c < 'a') set.negated = !set.negated;
        return set;
    }

    Set named(std::string_view name) {
        auto set = named_set(name, flags_.unicode_classes);
        if (!set) fail(set.error());
        return set ? std::move(*set) : Set{};
    }

    Set property(bool negated) {
        std::string name;
        if (ahead(0) == '{') {
            ++at_;
            while (!at_end() && ahead(0) != '}') append_utf8(chars_[at_++], name);
            if (at_end()) fail("Unclosed character family");
            ++at_;
        } else if (at_end()) {
            fail("Unknown character property name { }");
        } else {
            append_utf8(chars_[at_++], name);
        }
        Set set = named(name);
        set.negated = set.negated != negated;
        return set;
    }

    // The character that an escape stands for; the backslash is behind us.
    std::uint32_t escaped_character() {
        if (at_end()) {
            fail("ends in a backslash");
            return 0;
        }
        const std::uint32_t c = chars_[at_++];
        switch (c) {
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 'f':
                return '\f';
            case 'a':
                return 7;
            case 'e':
                return 27;
            case '0':
                return octal();
            case 'x':
                return hexadecimal();
            case 'u':
                return unicode();
            case 'c':
                if (!at_end()) return chars_[at_++] ^ 64;
                fail("Illegal control escape sequence");
                return 0;
            case 'N':
                return named_character();
            default:
                break;
        }
        if (is_letter(c) || is_digit(c)) fail("Illegal/unsupported escape sequence");
        return c;
    }

    // \N{LATIN SMALL LETTER A}: of the names of Unicode, those of the ASCII letters.
    std::uint32_t named_character() {
        constexpr std::string_view kSmall = "{LATIN SMALL LETTER ",
                                   kCapital = "{LATIN CAPITAL LETTER ";
        std::string name;
        while (!at_end() && ahead(0) != '}') append_utf8(chars_[at_++], name);
        if (at_end()) {
            fail("Illegal character name escape sequence");
            return 0;
        }
        ++at_;
        const bool small = name.starts_with(kSmall);
        const std::size_t length = small ? kSmall.size() : kCapital.size();
        const bool letter = (small || name.starts_with(kCapital)) && name.size() == length + 1 &&
                            name.back() >= 'A' && name.back() <= 'Z';
        if (!letter) {
            fail("\\N{…} is supported for ASCII letters only");
            return 0;
        }
        return static_cast<std::uint32_t>(name.back() + (small ? 'a' - 'A' : 0));
    }

    std::uint32_t octal() {
        const auto digit = [this] { return ahead(0) >= '0' && ahead(0) <= '7'; };
        if (!digit()) {
            fail("Illegal octal escape sequence");
            return 0;
        }
        std::uint32_t value = chars_[at_++] - '0';
        const int more = value <= 3 ? 2 : 1;
        for (int i = 0; i < more && digit(); ++i) value = value * 8 + (chars_[at_++] - '0');
        return value;
    }

    std::uint32_t hex_digits(int count, const char* message) {
        std::uint32_t value = 0;
        for (int i = 0; i < count; ++i) {
            const int digit = hex_value(ahead(0));
            if (digit < 0) {
                fail(message);
                return 0;
            }
            value = value * 16 + static_cast<std::uint32_t>(digit);
            ++at_;
        }
        return value;
    }

    std::uint32_t hexadecimal() {
        if (ahead(0) != '{') return hex_digits(2, "Illegal hexadecimal escape sequence");
        ++at_;
        std::uint32_t value = 0;
        std::size_t digits = 0;
        for (; hex_value(ahead(0)) >= 0; ++at_, ++digits) {
            value = value * 16 + static_cast<std::uint32_t>(hex_value(ahead(0)));
            if (value > 0x10FFFF) {
                fail("Hexadecimal codepoint is too big");
                return 0;
            }
        }
        if (digits == 0 || ahead(0) != '}') fail("Unclosed hexadecimal escape sequence");
        ++at_;
        return stand_in(value);
    }

    std::uint32_t unicode() {
        constexpr const char* kMessage = "Illegal Unicode escape sequence";
        const std::uint32_t high = hex_digits(4, kMessage);
        if (high >= 0xD800 && high <= 0xDBFF && ahead(0) == '\\' && ahead(1) == 'u') {
            const std::size_t back = at_;
            at_ += 2;
            const std::uint32_t low = hex_digits(4, kMessage);
            if (low >= 0xDC00 && low <= 0xDFFF)
                return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            at_ = back;
        }
        return stand_in(high);
    }

    // `[` is behind us; `closes`: it ends with its own `]` (the right side of && does not).
    Set character_class(bool closes, int depth) {
        if (depth > kDepthMax) fail("is nested too deep");
        std::optional<Set> all;
        bool negated = false;
        if (closes && ahead(0) == '^') {
            negated = true;
            ++at_;
        }
        const auto add = [&](Set set) {
            all = all ? united(std::move(*all), std::move(set)) : std::move(set);
        };
        while (true) {
            const std::uint32_t c = peek();
            if (c == kEnd) {
                fail("Unclosed character class");
                return {};
            }
            if (c == ']' && all) {
                if (closes) ++at_;
                all->negated = all->negated != negated;
                return std::move(*all);
            }
            if (c == '[') {
                ++at_;
                add(character_class(true, depth + 1));
            } else if (c == '&' && ahead(1) == '&') {
                at_ += 2;
                intersection(all, depth);
                // The right side of an intersection ends where the next one begins.
                if (!closes) return std::move(*all);
            } else if (c == '\\' && ahead(1) == 'Q') {
                at_ += 2;
                while (!at_end() && !(ahead(0) == '\\' && ahead(1) == 'E'))
                    add(one_at(chars_[at_++]));
                at_ = std::min(at_ + 2, chars_.size());
            } else {
                add(class_item());
            }
        }
    }

    void intersection(std::optional<Set>& all, int depth) {
        std::optional<Set> right;
        while (peek() != ']' && peek() != kEnd && !(ahead(0) == '&' && ahead(1) == '&')) {
            Set next;
            if (ahead(0) == '[') {
                ++at_;
                next = character_class(true, depth + 1);
            } else {
                next = class_items();
            }
            right = right ? united(std::move(*right), std::move(next)) : std::move(next);
        }
        if (!right) {
            if (!all) fail("Bad class syntax");
            return;
        }
        all = all ? intersected(std::move(*all), std::move(*right)) : std::move(*right);
    }

    // Items up to a bracket or the next &&.
    Set class_items() {
        Set all = class_item();
        while (peek() != ']' && peek() != '[' && peek() != kEnd &&
               !(ahead(0) == '&' && ahead(1) == '&')) {
            all = united(std::move(all), class_item());
        }
        return all;
    }

    Set one_at(std::uint32_t c) const { return one(c, c); }

    // A character, a range, or an escape that stands for a set.
    Set class_item() {
        std::uint32_t first = peek();
        ++at_;
        if (first == '\\') {
            if (auto set = predefined_set()) return std::move(*set);
            first = escaped_character();
        }
        if (peek() != '-' || ahead(1) == ']' || ahead(1) == '[' || ahead(1) == kEnd)
            return one_at(first);
        ++at_;
        std::uint32_t last = peek();
        ++at_;
        if (last == '\\') {
            const std::uint32_t kind = ahead(0);
            constexpr std::string_view kSets = "dDwWsShHvVpP";
            if (kind < 128 && kSets.find(static_cast<char>(kind)) != std::string_view::npos) {
                fail("Illegal character range");
            }
            last = escaped_character();
        }
        if (last < first) fail("Illegal character range");
        return one(first, last);
    }

    std::vector<std::uint32_t> chars_;
    std::size_t at_ = 0;
    std::optional<std::string> error_;
    Flags flags_;
    std::uint32_t groups_ = 0;
    std::map<std::string, std::uint32_t> names_;
};

}  // namespace

Result<Node, std::string> parse(std::string_view pattern) {
    return Parser(pattern).run();
}

}  // namespace snowline::text::java_regex
