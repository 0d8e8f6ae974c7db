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
    kProblem,    // what cannot be read; text says why. Nothing follows it.
};

struct Token {
    TokenKind kind;
    std::string text;  // what it stands for; as written but for quoted strings
    Position at;
    bool optional = false;  // ${?…}
    std::vector<Token> inside = {};
};

/// The tokens of a text, without its comments; the last is kEnd or kProblem. `text` is UTF-8.
/// What is a token, and which characters need quotes, follows the public HOCON specification and,
/// where that is silent, com.typesafe:config 1.4.
std::vector<Token> tokenize(std::string_view text, std::shared_ptr<const std::string> file,
                            std::size_t tokens_max);

/// How an error shows a token.
std::string describe(const Token& token);

/// A token of one word, number, text or reference: what white space joins to its neighbour.
bool is_simple_value(const Token& token);

/// The number as JSON has it (`007` is 7, `1.` is 1); empty where the text is no number to the
/// library: it has none that begin with `.` or `+`, and no integers beyond 64 bits.
std::string json_number(std::string_view text);

}  // namespace snowline::config
