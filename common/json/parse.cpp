#include "common/json/parse.h"

#include "common/text/utf8.h"

#include <algorithm>
#include <bit>
#include <bitset>
#include <cstring>
#include <numeric>
#include <vector>

#include <fmt/format.h>

namespace snowline::json {
namespace {

// What may come next inside a container; the names follow the grammar.
enum class Expect : std::uint8_t {
    kValue,
    kValueOrClose,  // after `[`
    kNameOrClose,   // after `{`
    kName,          // after `,` in an object
    kColon,
    kCommaOrClose,
};

struct Frame {
    std::size_t first;  // index of its first child in the scratch stack
    bool is_object;
};

// Children of open containers; kept between calls so that a warm parser does not allocate.
struct Scratch {
    std::vector<Member> children;
    std::vector<Frame> frames;
    std::vector<std::uint32_t> order;
};

class Parser {
public:
    Parser(std::string_view text, Arena& arena, ParseLimits limits, Scratch& scratch)
        : begin_(text.data()),
          at_(begin_),
          end_(begin_ + text.size()),
          arena_(arena),
          limits_(limits),
          scratch_(scratch) {
        scratch_.children.clear();
        scratch_.frames.clear();
    }

    Result<Value, ParseError> run();

private:
    bool step(Expect& expect);
    bool read_value(Expect& expect);
    bool read_name(Expect& expect);
    bool read_comma_or_close(Expect& expect);
    bool open(bool is_object);
    void close();
    void drop_repeated_names(std::size_t first);
    bool add(Value value, Expect& expect);

    bool read_string(std::string_view& out);
    bool read_escaped(const char* start, std::string_view& out);
    bool read_escape(char*& out);
    bool read_hex4(const char* digits, std::uint32_t& out);
    bool skip_plain();
    bool read_number(std::string_view& out);
    bool read_digits();
    bool read_word(std::string_view word, const char* message);

    void skip_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
    }
    bool fail(const char* place, std::string_view message, std::size_t shown_chars = 6);
    bool exhausted() {
        error_ = {"exhausted input", static_cast<std::size_t>(end_ - begin_)};
        return false;
    }

    const char* begin_;
    const char* at_;
    const char* end_;
    Arena& arena_;
    ParseLimits limits_;
    Scratch& scratch_;
    std::string_view name_;  // of the member whose value is being read
    Value root_;
    ParseError error_{};
};

Result<Value, ParseError> Parser::run() {
    Expect expect = Expect::kValue;
    do {
        skip_space();
        if (at_ == end_) {
            exhausted();
            return unexpected(error_);
        }
        if (!step(expect)) return unexpected(error_);
    } while (!scratch_.frames.empty());
    skip_space();
    if (at_ != end_) {
        fail(at_, "expected whitespace or eof");
        return unexpected(error_);
    }
    return root_;
}

bool Parser::step(Expect& expect) {
    switch (expect) {
        case Expect::kValueOrClose:
            if (*at_ != ']') return read_value(expect);
            close();
            expect = Expect::kCommaOrClose;
            return true;
        case Expect::kValue:
            return read_value(expect);
        case Expect::kNameOrClose:
            if (*at_ != '}') return read_name(expect);
            close();
            expect = Expect::kCommaOrClose;
            return true;
        case Expect::kName:
            return read_name(expect);
        case Expect::kColon:
            if (*at_ != ':') return fail(at_, "expected :");
            ++at_;
            expect = Expect::kValue;
            return true;
        case Expect::kCommaOrClose:
            return read_comma_or_close(expect);
    }
    return false;
}

bool Parser::read_value(Expect& expect) {
    std::string_view text;
    switch (*at_) {
        case '{':
            if (!open(true)) return false;
            expect = Expect::kNameOrClose;
            return true;
        case '[':
            if (!open(false)) return false;
            expect = Expect::kValueOrClose;
            return true;
        case '"':
            return read_string(text) && add(Value::string(text), expect);
        case 't':
            return read_word("true", "expected true") && add(Value::boolean(true), expect);
        case 'f':
            return read_word("false", "expected false") && add(Value::boolean(false), expect);
        case 'n':
            return read_word("null", "expected null") && add(Value::null(), expect);
        case '-':
        case '0':
        case '1':
        case '2':
        case '3':
        case '4':
        case '5':
        case '6':
        case '7':
        case '8':
        case '9':
            return read_number(text) && add(Value::number(text), expect);
        default:
            return fail(at_, "expected json value");
    }
}

bool Parser::read_name(Expect& expect) {
    if (*at_ != '"') return fail(at_, "expected \"");
    if (!read_string(name_)) return false;
    expect = Expect::kColon;
    return true;
}

bool Parser::read_comma_or_close(Expect& expect) {
    const bool in_object = scratch_.frames.back().is_object;
    if (*at_ == ',') {
        ++at_;
        expect = in_object ? Expect::kName : Expect::kValue;
        return true;
    }
    if (*at_ != (in_object ? '}' : ']')) {
        return fail(at_, in_object ? "expected } or ," : "expected ] or ,");
    }
    close();
    return true;
}

bool Parser::open(bool is_object) {
    if (scratch_.frames.size() >= limits_.depth_max) {
        fail(at_, fmt::format("nested deeper than {}", limits_.depth_max));
        error_.kind = ParseError::Kind::kTooDeep;
        return false;
    }
    // The first slot is for the container itself: it keeps the member's name until the container
    // ends.
    scratch_.children.push_back({name_, Value::null()});
    scratch_.frames.push_back({scratch_.children.size(), is_object});
    ++at_;
    return true;
}

void Parser::close() {
    const Frame frame = scratch_.frames.back();
    scratch_.frames.pop_back();
    ++at_;
    auto& children = scratch_.children;
    Value value;
    if (frame.is_object) {
        drop_repeated_names(frame.first);
        value = Value::object(arena_.copy(std::span<const Member>(children).subspan(frame.first)));
    } else {
        const std::size_t count = children.size() - frame.first;
        Value* items = arena_.allocate_array<Value>(count);
        for (std::size_t i = 0; i < count; ++i) items[i] = children[frame.first + i].value;
        value = Value::array({items, count});
    }
    children.resize(frame.first);
    if (scratch_.frames.empty()) {
        root_ = value;
        children.clear();
    } else {
        children.back().value = value;
    }
}

std::uint8_t bit_of(std::string_view name) {
    if (name.empty()) return 0;
    const auto byte = [&](std::size_t at) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(name[at]));
    };
    const std::uint32_t mixed =
        byte(0) + (byte(name.size() / 2) << 8) + (byte(name.size() - 1) << 16);
    return static_cast<std::uint8_t>(
        (mixed + static_cast<std::uint32_t>(name.size()) * 31) * 0x9E3779B1U >> 24);
}

// The last value of a name counts, at the first one's place (as circe's objects).
void Parser::drop_repeated_names(std::size_t first) {
    auto& children = scratch_.children;
    const std::size_t count = children.size() - first;
    constexpr std::size_t kPairwiseMax = 64;
    if (count <= kPairwiseMax) {
        // A name whose bit is not set yet is new; most of the others are new, too.
        std::bitset<256> seen;
        for (std::size_t i = first; i < children.size();) {
            const auto bit = bit_of(children[i].name);
            std::size_t earlier = seen.test(bit) ? first : i;
            seen.set(bit);
            while (earlier < i && children[earlier].name != children[i].name) ++earlier;
            if (earlier == i) {
                ++i;
                continue;
            }
            children[earlier].value = children[i].value;
            children.erase(children.begin() + static_cast<std::ptrdiff_t>(i));
        }
        return;
    }
    auto& order = scratch_.order;
    order.resize(count);
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        const int names = children[first + a].name.compare(children[first + b].name);
        return names != 0 ? names < 0 : a < b;
    });
    bool repeated = false;
    for (std::size_t i = 0; i < count;) {
        std::size_t next = i + 1;
        while (next < count &&
               children[first + order[next]].name == children[first + order[i]].name) {
            ++next;
        }
        if (next - i > 1) {
            repeated = true;
            children[first + order[i]].value = children[first + order[next - 1]].value;
            for (std::size_t k = i + 1; k < next; ++k) order[k] |= 0x8000'0000U;
        }
        i = next;
    }
    if (!repeated) return;
    std::vector<bool> gone(count);
    for (const std::uint32_t index : order) {
        if ((index & 0x8000'0000U) != 0) gone[index & 0x7fff'ffffU] = true;
    }
    std::size_t kept = first;
    for (std::size_t i = 0; i < count; ++i) {
        if (!gone[i]) children[kept++] = children[first + i];
    }
    children.resize(kept);
}

bool Parser::add(Value value, Expect& expect) {
    if (scratch_.frames.empty()) {
        root_ = value;
    } else {
        scratch_.children.push_back({name_, value});
        expect = Expect::kCommaOrClose;
    }
    return true;
}

// Skips plain ASCII, eight bytes at a time. Stops at `"`, `\`, a control character, a byte above
// 0x7f, or the end.
bool Parser::skip_plain() {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    constexpr std::uint64_t kHighs = 0x8080808080808080U;
    const auto has_zero = [](std::uint64_t v) { return (v - kOnes) & ~v & kHighs; };
    while (end_ - at_ >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at_, 8);
        const std::uint64_t stop = has_zero(word ^ (kOnes * '"')) |
                                   has_zero(word ^ (kOnes * '\\')) |
                                   ((word - kOnes * 0x20) & ~word & kHighs) | (word & kHighs);
        if (stop != 0) {
            // Only bytes above a true hit can be false ones, so the lowest is exact.
            if constexpr (std::endian::native != std::endian::little) break;
            at_ += std::countr_zero(stop) / 8;
            return true;
        }
        at_ += 8;
    }
    while (at_ != end_) {
        const auto c = static_cast<unsigned char>(*at_);
        if (c == '"' || c == '\\' || c < 0x20 || c >= 0x80) return true;
        ++at_;
    }
    return exhausted();
}

bool Parser::read_string(std::string_view& out) {
    const char* start = ++at_;
    while (true) {
        if (!skip_plain()) return false;
        const auto c = static_cast<unsigned char>(*at_);
        if (c == '"') {
            out = {start, static_cast<std::size_t>(at_ - start)};
            ++at_;
            return true;
        }
        if (c == '\\') return read_escaped(start, out);
        if (c < 0x20) return fail(at_, fmt::format("control char ({}) in string", c), 1);
        const std::size_t length =
            text::utf8_sequence_length({at_, static_cast<std::size_t>(end_ - at_)});
        if (length == 0) return fail(at_, "invalid UTF-8 in string", 0);
        at_ += length;
    }
}

// A string with escapes is written anew; it never gets longer than its source.
bool Parser::read_escaped(const char* start, std::string_view& out) {
    const char* close_quote = at_;
    while (close_quote != end_ && *close_quote != '"') {
        close_quote += *close_quote == '\\' && end_ - close_quote > 1 ? 2 : 1;
    }
    if (close_quote == end_) close_quote = end_;
    char* text = arena_.allocate_array<char>(static_cast<std::size_t>(close_quote - start) + 4);
    char* put = std::copy(start, at_, text);
    while (true) {
        const char* plain = at_;
        if (!skip_plain()) return false;
        put = std::copy(plain, at_, put);
        const auto c = static_cast<unsigned char>(*at_);
        if (c == '"') break;
        if (c == '\\') {
            if (!read_escape(put)) return false;
        } else if (c < 0x20) {
            return fail(at_, fmt::format("control char ({}) in string", c), 1);
        } else {
            const std::size_t length =
                text::utf8_sequence_length({at_, static_cast<std::size_t>(end_ - at_)});
            if (length == 0) return fail(at_, "invalid UTF-8 in string", 0);
            put = std::copy(at_, at_ + length, put);
            at_ += length;
        }
    }
    ++at_;
    out = {text, static_cast<std::size_t>(put - text)};
    return true;
}

bool Parser::read_escape(char*& out) {
    if (end_ - at_ < 2) return exhausted();
    switch (at_[1]) {
        case '"':
        case '\\':
        case '/':
            *out++ = at_[1];
            break;
        case 'b':
            *out++ = '\b';
            break;
        case 'f':
            *out++ = '\f';
            break;
        case 'n':
            *out++ = '\n';
            break;
        case 'r':
            *out++ = '\r';
            break;
        case 't':
            *out++ = '\t';
            break;
        case 'u': {
            if (end_ - at_ < 6) return exhausted();
            std::uint32_t code = 0;
            if (!read_hex4(at_ + 2, code)) return fail(at_, "illegal unicode escape", 6);
            at_ += 6;
            std::uint32_t low = 0;
            if (code >= 0xd800 && code < 0xdc00 && end_ - at_ >= 6 && at_[0] == '\\' &&
                at_[1] == 'u' && read_hex4(at_ + 2, low) && low >= 0xdc00 && low < 0xe000) {
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                at_ += 6;
            }
            out = text::encode_utf8(code, out);
            return true;
        }
        default:
            return fail(at_, fmt::format("illegal escape sequence (\\{})", at_[1]), 1);
    }
    at_ += 2;
    return true;
}

bool Parser::read_hex4(const char* digits, std::uint32_t& out) {
    out = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = digits[i];
        const bool is_digit = c >= '0' && c <= '9';
        const char lower = static_cast<char>(c | 0x20);
        if (!is_digit && (lower < 'a' || lower > 'f')) return false;
        out = out * 16 + static_cast<std::uint32_t>(is_digit ? c - '0' : lower - 'a' + 10);
    }
    return true;
}

bool Parser::read_digits() {
    const char* first = at_;
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
    return at_ != first;
}

bool Parser::read_number(std::string_view& out) {
    const char* start = at_;
    const auto no_digit = [&] { return at_ == end_ ? exhausted() : fail(start, "expected digit"); };
    if (*at_ == '-') ++at_;
    if (at_ != end_ && *at_ == '0') {
        ++at_;
    } else if (!read_digits()) {
        return no_digit();
    }
    if (at_ != end_ && *at_ == '.') {
        ++at_;
        if (!read_digits()) return no_digit();
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
        ++at_;
        if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
        if (!read_digits()) return no_digit();
    }
    out = {start, static_cast<std::size_t>(at_ - start)};
    return true;
}

bool Parser::read_word(std::string_view word, const char* message) {
    const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
    if (rest.starts_with(word)) {
        at_ += word.size();
        return true;
    }
    return word.starts_with(rest) ? exhausted() : fail(at_, message);
}

// `<message> got '<next characters>' (line l, column c)`; characters and columns are UTF-16 units.
bool Parser::fail(const char* place, std::string_view message, std::size_t shown_chars) {
    const char* line_start = place;
    while (line_start != begin_ && line_start[-1] != '\n') --line_start;
    const auto lines = std::count(begin_, place, '\n');
    const auto column =
        text::utf16_length({line_start, static_cast<std::size_t>(place - line_start)});
    const std::string_view rest(place, static_cast<std::size_t>(end_ - place));
    const std::string_view shown = rest.substr(0, text::utf8_prefix_of_utf16(rest, shown_chars));
    error_.message = fmt::format("{} got '{}{}' (line {}, column {})", message, shown,
                                 shown.size() == rest.size() ? "" : "...", lines + 1, column + 1);
    error_.offset = static_cast<std::size_t>(place - begin_);
    return false;
}

}  // namespace

Result<Value, ParseError> parse(std::string_view text, Arena& arena, ParseLimits limits) {
    if (text.size() > limits.bytes_max) {
        return unexpected(ParseError{fmt::format("longer than {} bytes", limits.bytes_max), 0});
    }
    thread_local Scratch scratch;
    Parser parser(text, arena, limits, scratch);
    return parser.run();
}

}  // namespace snowline::json
