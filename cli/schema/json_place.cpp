#include "cli/schema/json_place.h"

#include "common/json/parse.h"

#include <charconv>
#include <string>

namespace snowline::cli {
namespace {

// Reads a text that must be valid JSON.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}

    std::size_t at() const { return at_; }
    void move_to(std::size_t at) { at_ = at; }
    bool done() const { return at_ >= text_.size(); }

    char peek() {
        constexpr std::string_view kBlanks = " \t\r\n";
        while (!done() && kBlanks.find(text_[at_]) != std::string_view::npos) ++at_;
        return done() ? '\0' : text_[at_];
    }

    bool take(char c) {
        if (peek() != c) return false;
        ++at_;
        return true;
    }

    // The raw text of the string at the cursor, without its quotes.
    std::string_view string() {
        peek();
        const std::size_t start = ++at_;
        while (!done() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
        return text_.substr(start, at_++ - start);
    }

    void skip_value() {
        std::size_t depth = 0;
        do {
            const char c = peek();
            if (c == '"') {
                string();
            } else if (c == '{' || c == '[') {
                ++depth;
                ++at_;
            } else if (c == '}' || c == ']') {
                --depth;
                ++at_;
            } else if (c == ',' || c == ':') {
                ++at_;
            } else {
                skip_word();
            }
        } while (depth > 0 && !done());
    }

private:
    void skip_word() {
        constexpr std::string_view kEnds = ",]}: \t\r\n";
        while (!done() && kEnds.find(text_[at_]) == std::string_view::npos) ++at_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// The length of the match if `name` is the first name of the path `.name…`; else nullopt.
std::optional<std::size_t> matched(std::string_view path, std::string_view name) {
    if (!path.starts_with('.') || !path.substr(1).starts_with(name)) return std::nullopt;
    const std::size_t end = 1 + name.size();
    if (end < path.size() && path[end] != '.' && path[end] != '[') return std::nullopt;
    return end;
}

// Enters the member with the longest name that matches the path.
bool enter_member(Cursor& cursor, std::string_view& path) {
    std::size_t best = 0;
    std::size_t best_at = 0;
    while (cursor.peek() == '"') {
        const std::string_view name = cursor.string();
        cursor.take(':');
        cursor.peek();
        const auto length = matched(path, name);
        if (length && *length > best) {
            best = *length;
            best_at = cursor.at();
        }
        cursor.skip_value();
        if (!cursor.take(',')) break;
    }
    if (best == 0) return false;
    path.remove_prefix(best);
    cursor.move_to(best_at);
    return true;
}

bool enter_item(Cursor& cursor, std::string_view& path) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(path.data() + 1, path.data() + path.size(), index);
    if (error != std::errc{} || end == path.data() + path.size() || *end != ']') return false;
    path.remove_prefix(static_cast<std::size_t>(end + 1 - path.data()));
    for (; index > 0; --index) {
        if (cursor.peek() == ']') return false;
        cursor.skip_value();
        if (!cursor.take(',')) return false;
    }
    return cursor.peek() != ']';
}

}  // namespace

std::optional<JsonPlace> place_of(std::string_view json, std::string_view path) {
    json::Arena arena;
    if (!path.starts_with('$') || !json::parse(json, arena)) return std::nullopt;
    path.remove_prefix(1);
    Cursor cursor(json);
    cursor.peek();
    while (!path.empty()) {
        const bool entered = cursor.take('{')   ? enter_member(cursor, path)
                             : cursor.take('[') ? enter_item(cursor, path)
                                                : false;
        if (!entered) return std::nullopt;
        cursor.peek();
    }
    JsonPlace place{.line = 1, .column = 1};
    for (const char c : json.substr(0, cursor.at())) {
        place = c == '\n' ? JsonPlace{place.line + 1, 1} : JsonPlace{place.line, place.column + 1};
    }
    return place;
}

}  // namespace snowline::cli
