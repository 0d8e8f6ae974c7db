#include "common/config/token.h"
#include "common/text/utf8.h"

#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace snowline::config {
namespace {

constexpr std::string_view kReserved = "$\"{}[]:=,+#`^?!@*&\\";
constexpr std::string_view kNumberStart = "0123456789-";
constexpr std::string_view kNumberRest = "0123456789eE+-.";
constexpr std::string_view kWords[] = {"true", "false", "null"};

// Unicode's spaces as Java's Character.isWhitespace has them, the no-break ones, and the BOM.
bool is_space(std::uint32_t c) {
    if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x1f);
    return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
           c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

class Lexer {
public:
    Lexer(std::string_view text, std::shared_ptr<const std::string> file)
        : text_(text), file_(std::move(file)) {}

    std::vector<Token> run(std::size_t tokens_max);

private:
    struct Failure {
        std::string message;
        Position at;
    };

    Token next();
    Token read_space(Position at);
    Token read_quoted(Position at);
    Token read_triple_quoted(Position at);
    std::string read_escape(Position at);
    std::uint32_t read_hex4(Position at);
    Token read_number(Position at);
    Token read_unquoted(Position at);
    Token read_reference(Position at);

    bool at_end() const { return at_ == text_.size(); }
    bool at_text(std::string_view what) const { return text_.substr(at_).starts_with(what); }
    bool at_comment() const { return at_text("#") || at_text("//"); }
    std::uint32_t peek() const {
        std::size_t at = at_;
        return text::decode_utf8(text_, at);
    }
    std::string_view take() {
        const std::size_t start = at_;
        if (text::decode_utf8(text_, at_) == '\n') {
            ++line_;
            column_ = 1;
        } else {
            ++column_;
        }
        return text_.substr(start, at_ - start);
    }
    std::string_view take(std::size_t ascii_chars) {
        const std::string_view taken = text_.substr(at_, ascii_chars);
        at_ += ascii_chars;
        column_ += static_cast<std::uint32_t>(ascii_chars);
        return taken;
    }
    Position here() const { return {file_, line_, column_}; }

    std::string_view text_;
    std::size_t at_ = 0;
    std::uint32_t line_ = 1;
    std::uint32_t column_ = 1;
    std::shared_ptr<const std::string> file_;
};

std::vector<Token> Lexer::run(std::size_t tokens_max) {
    std::vector<Token> tokens;
    try {
        do {
            if (tokens.size() >= tokens_max) throw Failure{"the file is too long", here()};
            tokens.push_back(next());
        } while (tokens.back().kind != TokenKind::kEnd);
    } catch (const Failure& failure) {
        tokens.push_back({TokenKind::kProblem, failure.message, failure.at});
    }
    return tokens;
}

Token Lexer::next() {
    if (at_comment()) {
        while (!at_end() && text_[at_] != '\n') take();
    }
    const Position at = here();
    if (at_end()) return {TokenKind::kEnd, "", at};
    const std::uint32_t c = peek();
    if (c == '\n') {
        take();
        return {TokenKind::kNewline, "\n", at};
    }
    if (is_space(c)) return read_space(at);
    const auto symbol = [&](TokenKind kind) { return Token{kind, std::string(take()), at}; };
    switch (c) {
        case ',':
            return symbol(TokenKind::kComma);
        case ':':
            return symbol(TokenKind::kColon);
        case '=':
            return symbol(TokenKind::kEquals);
        case '{':
            return symbol(TokenKind::kOpenBrace);
        case '}':
            return symbol(TokenKind::kCloseBrace);
        case '[':
            return symbol(TokenKind::kOpenBracket);
        case ']':
            return symbol(TokenKind::kCloseBracket);
        case '"':
            return at_text("\"\"\"") ? read_triple_quoted(at) : read_quoted(at);
        case '$':
            return read_reference(at);
        case '+':
            if (!at_text("+=")) throw Failure{"`+` stands only in `+=`, or in quotes", at};
            return {TokenKind::kPlusEquals, std::string(take(2)), at};
        default:
            break;
    }
    if (c < 0x80 && kNumberStart.find(static_cast<char>(c)) != std::string_view::npos) {
        return read_number(at);
    }
    return read_unquoted(at);
}

Token Lexer::read_space(Position at) {
    std::string text;
    while (!at_end() && text_[at_] != '\n' && is_space(peek())) text += take();
    return {TokenKind::kSpace, std::move(text), std::move(at)};
}

Token Lexer::read_quoted(Position at) {
    std::string text;
    take(1);
    while (true) {
        if (at_end()) throw Failure{"this quoted string has no closing quote", at};
        const std::uint32_t c = peek();
        if (c == '"') break;
        if (c == '\\') {
            text += read_escape(here());
        } else if (c == '\n') {
            throw Failure{"a quoted string ends on its line; write a line break as \\n", here()};
        } else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            throw Failure{fmt::format("a control character in a quoted string is written as "
                                      "\\u{:04x}",
                                      c),
                          here()};
        } else {
            text += take();
        }
    }
    take(1);
    return {TokenKind::kQuoted, std::move(text), std::move(at)};
}

// Everything up to the last of three or more quotes, without escapes.
Token Lexer::read_triple_quoted(Position at) {
    std::string text;
    take(3);
    while (!at_text("\"\"\"")) {
        if (at_end()) throw Failure{"this string has no closing \"\"\"", at};
        text += take();
    }
    take(3);
    while (at_text("\"")) text += take(1);
    return {TokenKind::kQuoted, std::move(text), std::move(at)};
}

std::string Lexer::read_escape(Position at) {
    take(1);
    if (at_end()) throw Failure{"this quoted string has no closing quote", at};
    const std::string_view escaped = take();
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    const std::size_t index = escaped.size() == 1 ? kNames.find(escaped[0]) : std::string::npos;
    if (index != std::string_view::npos) return std::string(1, kMeant[index]);
    if (escaped != "u") {
        throw Failure{fmt::format("\\{} is no escape; a backslash is written as \\\\, and there "
                                  "are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000",
                                  escaped),
                      at};
    }
    std::uint32_t code = read_hex4(at);
    if (code >= 0xd800 && code < 0xdc00 && at_text("\\u")) {
        const Position low_at = here();
        take(2);
        const std::uint32_t low = read_hex4(low_at);
        if (low < 0xdc00 || low >= 0xe000) {
            throw Failure{"the second half of a surrogate pair is missing", low_at};
        }
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    if (code >= 0xd800 && code < 0xe000) throw Failure{"half of a surrogate pair", at};
    std::string out;
    text::append_utf8(code, out);
    return out;
}

std::uint32_t Lexer::read_hex4(Position at) {
    const std::string_view digits = text_.substr(at_, 4);
    std::uint32_t code = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (error != std::errc() || end != digits.data() + 4) {
        throw Failure{"\\u needs four hexadecimal digits", std::move(at)};
    }
    take(4);
    return code;
}

Token Lexer::read_number(Position at) {
    const std::size_t start = at_;
    std::size_t end = at_;
    while (end < text_.size() && kNumberRest.find(text_[end]) != std::string_view::npos) ++end;
    const std::string_view text = text_.substr(start, end - start);
    if (!json_number(text).empty()) {
        take(text.size());
        return {TokenKind::kNumber, std::string(text), std::move(at)};
    }
    if (const auto plus = text.find('+'); plus != std::string_view::npos) {
        take(plus);
        throw Failure{"`+` stands only in `+=`, or in quotes", here()};
    }
    take(text.size());  // an address, a date: text like any other
    return {TokenKind::kUnquoted, std::string(text), std::move(at)};
}

Token Lexer::read_unquoted(Position at) {
    const std::size_t start = at_;
    while (!at_end() && !at_comment()) {
        const std::uint32_t c = peek();
        if (is_space(c)) break;
        if (c < 0x80 && kReserved.find(static_cast<char>(c)) != std::string_view::npos) break;
        take();
        for (const std::string_view word : kWords) {
            if (text_.substr(start, at_ - start) == word) {
                return {TokenKind::kWord, std::string(word), std::move(at)};
            }
        }
    }
    if (at_ == start) {
        throw Failure{fmt::format("`{}` needs quotes around it", text_[at_]), std::move(at)};
    }
    return {TokenKind::kUnquoted, std::string(text_.substr(start, at_ - start)), std::move(at)};
}

Token Lexer::read_reference(Position at) {
    if (!at_text("${")) throw Failure{"`$` begins a substitution `${…}`, or needs quotes", at};
    take(2);
    Token token{TokenKind::kReference, "", at};
    if (at_text("?")) {
        take(1);
        token.optional = true;
    }
    while (!at_text("}")) {
        if (at_end() || at_comment() || at_text("\n") || at_text("${")) {
            throw Failure{"this substitution has no closing `}`", std::move(at)};
        }
        token.inside.push_back(next());
    }
    take(1);
    return token;
}

}  // namespace

std::vector<Token> tokenize(std::string_view text, std::shared_ptr<const std::string> file,
                            std::size_t tokens_max) {
    return Lexer(text, std::move(file)).run(tokens_max);
}

std::string describe(const Token& token) {
    switch (token.kind) {
        case TokenKind::kEnd:
            return "the end of the file";
        case TokenKind::kNewline:
            return "the end of the line";
        case TokenKind::kReference:
            return "a substitution";
        case TokenKind::kQuoted:
            return fmt::format("\"{}\"", token.text);
        case TokenKind::kSpace:
            return "white space";
        default:
            return fmt::format("`{}`", token.text);
    }
}

bool is_simple_value(const Token& token) {
    return token.kind == TokenKind::kUnquoted || token.kind == TokenKind::kQuoted ||
           token.kind == TokenKind::kNumber || token.kind == TokenKind::kWord ||
           token.kind == TokenKind::kReference;
}

std::string json_number(std::string_view text) {
    const auto digits = [&](std::size_t at) {
        std::size_t end = at;
        while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
        return text.substr(at, end - at);
    };
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::string sign(text.substr(0, at));
    std::string_view whole = digits(at);
    at += whole.size();
    std::string_view fraction;
    bool has_point = false;
    if (at < text.size() && text[at] == '.') {
        has_point = true;
        fraction = digits(at + 1);
        at += 1 + fraction.size();
    }
    if (whole.empty() && fraction.empty()) return {};
    std::string exponent;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        std::size_t from = at + 1;
        if (from < text.size() && (text[from] == '+' || text[from] == '-')) ++from;
        const std::string_view power = digits(from);
        if (power.empty()) return {};
        exponent = text.substr(at, from - at + power.size());
        at = from + power.size();
    }
    if (at != text.size()) return {};
    while (whole.size() > 1 && whole[0] == '0') whole.remove_prefix(1);
    if (!has_point && exponent.empty()) {
        std::int64_t value = 0;
        const std::string integer = sign + std::string(whole);
        const auto parsed = std::from_chars(integer.data(), integer.data() + integer.size(), value);
        if (parsed.ec != std::errc()) return {};
    }
    std::string out = sign + (whole.empty() ? "0" : std::string(whole));
    if (!fraction.empty()) out += "." + std::string(fraction);
    return out + exponent;
}

}  // namespace snowline::config
