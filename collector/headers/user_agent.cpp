#include "collector/headers/user_agent.h"

#include "collector/wire/ascii.h"

#include <algorithm>

namespace snowline::collector::headers {
namespace {

std::string_view take_token(std::string_view& text) {
    const auto end = std::find_if_not(text.begin(), text.end(), wire::is_token_char);
    const auto token = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(token.size());
    return token;
}

/// A comment with its parentheses; the reference puts a space before each nested one and drops
/// white space behind it.
std::optional<std::string> take_comment(std::string_view& text) {
    std::string out;
    std::size_t depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '(') {
            if (depth++ > 0) out += ' ';
            out += c;
            while (i + 1 < text.size() && text[i + 1] == ' ') ++i;
        } else if (c == ')') {
            out += c;
            if (--depth == 0) {
                text.remove_prefix(i + 1);
                return out;
            }
            while (i + 1 < text.size() && text[i + 1] == ' ') ++i;
        } else if (c == '\\') {
            if (++i == text.size()) return std::nullopt;
            out += text[i];
        } else {
            out += c;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> render_user_agent(std::string_view value) {
    std::string out;
    for (value = wire::trim(value); !value.empty(); value = wire::trim(value)) {
        if (!out.empty()) out += ' ';
        if (value.front() == '(') {
            const auto comment = take_comment(value);
            if (!comment) return std::nullopt;
            out += *comment;
            continue;
        }
        const auto product = take_token(value);
        if (product.empty()) return std::nullopt;
        out += product;
        if (!value.starts_with('/')) continue;
        value.remove_prefix(1);
        const auto version = take_token(value);
        if (version.empty()) return std::nullopt;
        out += "/" + std::string(version);
    }
    if (out.empty()) return std::nullopt;
    return out;
}

}  // namespace snowline::collector::headers
