#include "common/regex/java_regex_characters.h"

#include "common/text/utf8.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::text::java_regex {
namespace {

int hex_value(std::uint32_t c) {
    if (is_digit(c)) return static_cast<int>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') return static_cast<int>(c - 'A') + 10;
    return -1;
}

std::uint32_t stand_in(std::uint32_t c) {
    return c >= 0xD800 && c <= 0xDFFF ? kSurrogateStandIn + (c - 0xD800) : c;
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

}  // namespace

bool is_digit(std::uint32_t c) {
    return c >= '0' && c <= '9';
}
bool is_letter(std::uint32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Set set_of(std::vector<Set::Range> ranges, bool negated) {
    Set set;
    set.negated = negated;
    set.ranges = std::move(ranges);
    return set;
}

CharacterReader::CharacterReader(std::string_view pattern) {
    for (std::size_t at = 0; at < pattern.size();) {
        chars_.push_back(stand_in(decode_utf8(pattern, at)));
    }
}

// With (?i) alone only ASCII letters have another case.
Set CharacterReader::one(std::uint32_t first, std::uint32_t last) const {
    Set set = set_of({{first, last}});
    if (!flags_.ignore_case) return set;
    for (std::uint32_t c = 'a'; c <= 'z'; ++c) {
        const std::uint32_t upper = c - 'a' + 'A';
        if (c >= first && c <= last) set.ranges.push_back({upper, upper});
        if (upper >= first && upper <= last) set.ranges.push_back({c, c});
    }
    return set;
}
// \d, \p{…} and so on; `at_` is behind the backslash.
std::optional<Set> CharacterReader::predefined_set() {
    const std::uint32_t c = ahead(0);
    const bool unicode = flags_.unicode_classes;
    Set set;
    switch (c) {
        case 'd':
        case 'D':
            set = unicode ? named("IsDigit") : set_of({{'0', '9'}});
            break;
        case 'w':
        case 'W':
            set = unicode ? named("IsWord")
                          : set_of({{'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'_', '_'}});
            break;
        case 's':
        case 'S':
            set = unicode ? named("IsWhite_Space") : set_of({{'\t', '\r'}, {' ', ' '}});
            break;
        case 'h':
        case 'H':
            set = set_of({{' ', ' '},
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
            set = set_of({{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}});
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

Set CharacterReader::named(std::string_view name) {
    auto set = named_set(name, flags_.unicode_classes);
    if (!set) fail(set.error());
    return set ? std::move(*set) : Set{};
}

Set CharacterReader::property(bool negated) {
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

// The character that an escape stands for; `at_` is behind the backslash.
std::uint32_t CharacterReader::escaped_character() {
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

// \N{LATIN SMALL LETTER A}: only Unicode's names of the ASCII letters.
std::uint32_t CharacterReader::named_character() {
    constexpr std::string_view kSmall = "{LATIN SMALL LETTER ", kCapital = "{LATIN CAPITAL LETTER ";
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

std::uint32_t CharacterReader::octal() {
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

std::uint32_t CharacterReader::hex_digits(int count, const char* message) {
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

std::uint32_t CharacterReader::hexadecimal() {
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

std::uint32_t CharacterReader::unicode() {
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

// `at_` is behind `[`. `closes`: it ends with its own `]` (the right side of && does not).
Set CharacterReader::character_class(bool closes, int depth) {
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
            while (!at_end() && !(ahead(0) == '\\' && ahead(1) == 'E')) {
                add(one(chars_[at_], chars_[at_]));
                ++at_;
            }
            at_ = std::min(at_ + 2, chars_.size());
        } else {
            add(class_item());
        }
    }
}

void CharacterReader::intersection(std::optional<Set>& all, int depth) {
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
Set CharacterReader::class_items() {
    Set all = class_item();
    while (peek() != ']' && peek() != '[' && peek() != kEnd &&
           !(ahead(0) == '&' && ahead(1) == '&')) {
        all = united(std::move(all), class_item());
    }
    return all;
}

// A character, a range, or an escape that stands for a set.
Set CharacterReader::class_item() {
    std::uint32_t first = peek();
    ++at_;
    if (first == '\\') {
        if (auto set = predefined_set()) return std::move(*set);
        first = escaped_character();
    }
    if (peek() != '-' || ahead(1) == ']' || ahead(1) == '[' || ahead(1) == kEnd)
        return one(first, first);
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

}  // namespace snowline::text::java_regex
