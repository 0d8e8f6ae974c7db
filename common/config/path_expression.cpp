#include "common/config/path_expression.h"

#include <utility>

#include <fmt/format.h>

namespace snowline::config {
namespace {

// The key that is being put together; a quoted string makes even an empty one a key.
struct Key {
    std::string text;
    bool has_quotes = false;
};

void finish(Path& path, Key& key, const Position& at) {
    if (key.text.empty() && !key.has_quotes) {
        fail(at,
             "a path has no leading or trailing `.` and no two beside each other; an empty "
             "key is written \"\"");
    }
    path.push_back(std::move(key.text));
    key = {};
}

}  // namespace

Path parse_path(std::span<const Token> tokens, const Position& at) {
    while (!tokens.empty() && tokens.front().kind == TokenKind::kSpace) tokens = tokens.subspan(1);
    while (!tokens.empty() && tokens.back().kind == TokenKind::kSpace) {
        tokens = tokens.first(tokens.size() - 1);
    }
    if (tokens.empty()) fail(at, "expected a key or a path here");
    Path path;
    Key key;
    for (const Token& token : tokens) {
        if (token.kind == TokenKind::kQuoted) {
            key.text += token.text;
            key.has_quotes = true;
            continue;
        }
        if (!is_simple_value(token) && token.kind != TokenKind::kSpace) {
            fail(token.at,
                 fmt::format("{} cannot be part of a key; it needs quotes", describe(token)));
        }
        if (token.kind == TokenKind::kReference) {
            fail(token.at, "a substitution cannot be part of a key");
        }
        for (const char c : token.text) {
            if (c == '.') {
                finish(path, key, token.at);
            } else {
                key.text += c;
            }
        }
    }
    finish(path, key, at);
    return path;
}

}  // namespace snowline::config
