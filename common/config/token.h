#pragma once

#include "common/config/problem.h"

#include <string>
#include <string_view>
#include <vector>

namespace snowline::config {

enum class TokenKind {
    kEnd,
    kNewline,
    kSpace,  // white space within a line
    kComma,
    kColon,
    kEquals,
    kPlusEquals,
    kOpenBrace,
    kCloseBrace,
    kOpenBracket,
    kCloseBracket,
    kUnquoted,  // text that is no number and no word of JSON; never white space alone
    kQuoted,    // text is unescaped
    kNumber,
    kWord,       // true, false, null
    kReference,  // ${…} or ${?…}; `inside` has the tokens of its path
    kProblem,    // a syntax error, described by `text`; always the last token
};

struct Token {
    TokenKind kind;
    std::string text;  // its meaning: unescaped where quoted, else as written
    Position at;
    bool optional = false;  // ${?…}
    std::vector<Token> inside = {};
};

/// The tokens of a text, without its comments; the last is kEnd or kProblem. `text` is UTF-8.
/// What is a token, and which characters need quotes, follows the public HOCON specification and,
/// where that is silent, com.typesafe:config 1.4.
std::vector<Token> tokenize(std::string_view text, std::shared_ptr<const std::string> file,
                            std::size_t tokens_max);

/// The token as an error message shows it.
std::string describe(const Token& token);

/// A token of one word, number, text or reference. White space between two of them is kept.
bool is_simple_value(const Token& token);

/// The number as JSON writes it (`007` is 7, `1.` is 1). Empty where com.typesafe:config reads the
/// text as no number: one that begins with `.` or `+`, or an integer beyond 64 bits.
std::string json_number(std::string_view text);

}  // namespace snowline::config
