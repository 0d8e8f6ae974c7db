#include "common/config/parser.h"

#include "common/config/compose.h"
#include "common/config/path_expression.h"
#include "common/config/token.h"

#include <span>
#include <utility>

#include <fmt/format.h>

namespace snowline::config {
namespace {

// Recursive, but never deeper than limits().depth_max.
class Parser {
public:
    Parser(Pool& pool, std::vector<Token> tokens, const Place& place, const Includer& includer)
        : pool_(pool),
          tokens_(std::move(tokens)),
          includer_(includer),
          path_(place.path),
          prefix_(place.path.size()),
          depth_(place.depth) {}

    const Node* parse_root();

private:
    enum class Braces { kYes, kNo };

    class Nested {
    public:
        Nested(Parser& parser, std::size_t levels, const Position& at)
            : parser_(parser), levels_(levels) {
            parser.depth_ += levels;
            if (parser.depth_ > parser.pool_.limits().depth_max) {
                parser.depth_ -= levels;
                fail(at, fmt::format("nested deeper than {}", parser.pool_.limits().depth_max));
            }
        }
        ~Nested() { parser_.depth_ -= levels_; }
        Nested(const Nested&) = delete;
        Nested& operator=(const Nested&) = delete;

    private:
        Parser& parser_;
        std::size_t levels_;
    };

    const Node* parse_object(Braces braces);
    void parse_field(Node& object);
    void parse_include(Node& object);
    Include parse_include_arguments();
    Include parse_include_call(std::string_view call, const Position& at);
    const Node* parse_value();
    const Node* parse_part();
    const Node* parse_array();
    const Node* parse_scalar(const Token& token);
    const Node* parse_reference(const Token& token);
    const Node* appended_to_itself(const Node* value);
    const Node* under(const Path& path, const Node* value, const Position& at);

    std::span<const Token> take_path_tokens();
    bool take_separator();
    void skip(bool newlines);
    const Token& peek() const { return tokens_[at_]; }
    const Token& take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    bool at(TokenKind kind) const { return peek().kind == kind; }
    bool at_include() const { return at(TokenKind::kUnquoted) && peek().text == "include"; }
    [[noreturn]] void expected(std::string_view what) const;
    [[noreturn]] void expected_separator(std::string_view close) const;

    Pool& pool_;
    std::vector<Token> tokens_;
    const Includer& includer_;
    std::size_t at_ = 0;
    Path path_;           // of the object that is being read, from the root of the tree
    std::size_t prefix_;  // keys of path_ that lie outside of this text
    std::size_t depth_;
    std::size_t lists_ = 0;  // open ones
};

void Parser::expected(std::string_view what) const {
    if (at(TokenKind::kProblem)) fail(peek().at, peek().text);
    fail(peek().at, fmt::format("expected {}, found {}", what, describe(peek())));
}

void Parser::expected_separator(std::string_view close) const {
    const bool sign = at(TokenKind::kColon) || at(TokenKind::kEquals);
    expected(fmt::format("a comma, a new line or {}{}", close,
                         sign ? " (a text that has `:` or `=` in it needs quotes)" : ""));
}

void Parser::skip(bool newlines) {
    while (at(TokenKind::kSpace) || (newlines && at(TokenKind::kNewline))) take();
}

const Node* Parser::parse_root() {
    skip(true);
    if (at(TokenKind::kOpenBracket)) {
        fail(peek().at, "a list cannot be the root of a configuration; an object must be");
    }
    const bool has_braces = at(TokenKind::kOpenBrace);
    const Node* root = parse_object(has_braces ? Braces::kYes : Braces::kNo);
    skip(true);
    if (!at(TokenKind::kEnd)) expected("nothing behind the closing `}`");
    return root;
}

const Node* Parser::parse_object(Braces braces) {
    const Nested nested(*this, 1, peek().at);
    Node* object = pool_.make({.kind = Kind::kObject, .at = peek().at});
    if (braces == Braces::kYes) take();
    const TokenKind close = braces == Braces::kYes ? TokenKind::kCloseBrace : TokenKind::kEnd;
    const std::string_view name = braces == Braces::kYes ? "`}`" : "the end of the file";
    while (true) {
        skip(true);
        if (at(close)) break;
        if (at_include()) {
            parse_include(*object);
        } else if (is_simple_value(peek())) {
            parse_field(*object);
        } else {
            expected(fmt::format("a key or {}", name));
        }
        if (take_separator()) continue;
        if (!at(close)) expected_separator(name);
    }
    if (braces == Braces::kYes) take();
    return object;
}

// A comma, or new lines with or without one.
bool Parser::take_separator() {
    skip(false);
    const bool newline = at(TokenKind::kNewline);
    skip(true);
    if (!at(TokenKind::kComma)) return newline;
    take();
    return true;
}

std::span<const Token> Parser::take_path_tokens() {
    const std::size_t first = at_;
    while (is_simple_value(peek()) || at(TokenKind::kSpace)) take();
    return std::span(tokens_).subspan(first, at_ - first);
}

void Parser::parse_field(Node& object) {
    const Position at = peek().at;
    const Path path = parse_path(take_path_tokens(), at);
    const Nested nested(*this, path.size() - 1, at);
    path_.insert(path_.end(), path.begin(), path.end());
    skip(true);
    const bool append = this->at(TokenKind::kPlusEquals);
    if (!this->at(TokenKind::kOpenBrace)) {
        if (!append && !this->at(TokenKind::kColon) && !this->at(TokenKind::kEquals)) {
            expected(fmt::format("`=`, `:`, `+=` or `{{` behind the key {}", print(path)));
        }
        take();
        skip(true);
    }
    // A value behind `+=` becomes an element of a list.
    if (append) ++lists_;
    const Node* value = parse_value();
    if (append) --lists_;
    if (append) value = appended_to_itself(value);
    path_.resize(path_.size() - path.size());
    put(pool_, object, path.front(), under(path, value, at), Lower::kOwned);
}

// `a += b` is `a = ${?a} [b]`.
const Node* Parser::appended_to_itself(const Node* value) {
    if (lists_ > 0) {
        fail(value->at,
             "`+=` cannot stand inside a list or another `+=`, since no path leads there");
    }
    const Node* earlier = pool_.make({.kind = Kind::kReference,
                                      .at = value->at,
                                      .resolved = false,
                                      .optional = true,
                                      .path = path_,
                                      .prefix = prefix_});
    const Node* list = pool_.make(
        {.kind = Kind::kArray, .at = value->at, .resolved = value->resolved, .items = {value}});
    return concatenate(pool_, {earlier, list}, value->at);
}

// Wraps the value in objects for all keys of the path but the first.
const Node* Parser::under(const Path& path, const Node* value, const Position& at) {
    for (std::size_t i = path.size() - 1; i > 0; --i) {
        Node object{.kind = Kind::kObject, .at = at, .resolved = value->resolved};
        object.fields.put(path[i], value);
        value = pool_.make(std::move(object));
    }
    return value;
}

void Parser::parse_include(Node& object) {
    const Include include = parse_include_arguments();
    const Node* included = includer_(include, {path_, depth_});
    if (!included) return;
    if (lists_ > 0 && !included->resolved) {
        fail(include.at, fmt::format("{} has substitutions, and so cannot be included inside a "
                                     "list, where no path leads",
                                     include.name));
    }
    for (const auto& [key, value] : included->fields) {
        put(pool_, object, key, value, Lower::kOwned);
    }
}

Include Parser::parse_include_arguments() {
    const Position at = take().at;
    skip(true);
    if (this->at(TokenKind::kQuoted)) {
        return {.how = Include::How::kHeuristic, .required = false, .name = take().text, .at = at};
    }
    if (!this->at(TokenKind::kUnquoted)) {
        expected(
            "a quoted file name, file(…) or required(…) behind `include` (a key of that name "
            "needs quotes)");
    }
    const Token& call = take();
    return parse_include_call(call.text, at);
}

// `file(` and `required(` are unquoted text, and so is what closes them.
Include Parser::parse_include_call(std::string_view call, const Position& at) {
    Include include{.at = at};
    std::size_t open = 0;
    const auto starts = [&](std::string_view name) {
        if (!call.starts_with(name)) return false;
        call.remove_prefix(name.size());
        ++open;
        return true;
    };
    const auto next_call = [&] {
        skip(true);
        if (call.empty() && this->at(TokenKind::kUnquoted)) call = take().text;
    };
    if (starts("required(")) {
        include.required = true;
        next_call();
    }
    if (call.starts_with("url(") || call.starts_with("classpath(")) {
        fail(at, fmt::format("include {}…) is not supported; include a file instead",
                             call.substr(0, call.find('(') + 1)));
    }
    if (starts("file(")) {
        include.how = Include::How::kFile;
        next_call();
    }
    if (!call.empty() || open == 0) {
        fail(at,
             "expected a quoted file name, file(…) or required(…) behind `include`, without "
             "white space before the `(`");
    }
    if (!this->at(TokenKind::kQuoted)) expected("a quoted file name");
    include.name = take().text;
    while (open > 0) {
        skip(true);
        if (!this->at(TokenKind::kUnquoted) || peek().text[0] != ')' || peek().text.size() > open ||
            peek().text.find_first_not_of(')') != std::string::npos) {
            expected("`)`");
        }
        open -= take().text.size();
    }
    return include;
}

// Values that stand beside each other, up to the end of the line or a character that ends a value.
const Node* Parser::parse_value() {
    const Position at = peek().at;
    std::vector<const Node*> parts;
    bool text_before = false;
    while (true) {
        const bool is_text = is_simple_value(peek());
        if (is_text || this->at(TokenKind::kOpenBrace) || this->at(TokenKind::kOpenBracket)) {
            parts.push_back(parse_part());
        } else if (this->at(TokenKind::kSpace)) {
            const Token& space = take();
            // White space counts between texts only; beside lists and objects it is ignored.
            if (text_before && is_simple_value(peek())) {
                parts.push_back(
                    pool_.make({.kind = Kind::kString, .at = space.at, .text = space.text}));
            }
            continue;
        } else {
            break;
        }
        text_before = is_text;
    }
    if (parts.empty()) expected("a value");
    return concatenate(pool_, parts, at);
}

const Node* Parser::parse_part() {
    switch (peek().kind) {
        case TokenKind::kOpenBrace:
            return parse_object(Braces::kYes);
        case TokenKind::kOpenBracket:
            return parse_array();
        case TokenKind::kReference:
            return parse_reference(take());
        default:
            return parse_scalar(take());
    }
}

const Node* Parser::parse_scalar(const Token& token) {
    Node node{.kind = Kind::kString, .at = token.at, .text = token.text};
    if (token.kind == TokenKind::kQuoted) {
        node.quoted = true;
    } else if (token.kind == TokenKind::kNumber) {
        node.kind = Kind::kNumber;
    } else if (token.kind == TokenKind::kWord) {
        node.kind = token.text == "null" ? Kind::kNull : Kind::kBoolean;
    }
    return pool_.make(std::move(node));
}

const Node* Parser::parse_reference(const Token& token) {
    if (!token.inside.empty() && token.inside.back().kind == TokenKind::kProblem) {
        fail(token.inside.back().at, token.inside.back().text);
    }
    Path path(path_.begin(), path_.begin() + static_cast<std::ptrdiff_t>(prefix_));
    const Path written = parse_path(token.inside, token.at);
    path.insert(path.end(), written.begin(), written.end());
    return pool_.make({.kind = Kind::kReference,
                       .at = token.at,
                       .resolved = false,
                       .optional = token.optional,
                       .path = std::move(path),
                       .prefix = prefix_});
}

const Node* Parser::parse_array() {
    const Nested nested(*this, 1, peek().at);
    Node array{.kind = Kind::kArray, .at = take().at};
    ++lists_;
    while (true) {
        skip(true);
        if (at(TokenKind::kCloseBracket)) break;
        if (!is_simple_value(peek()) && !at(TokenKind::kOpenBrace) &&
            !at(TokenKind::kOpenBracket)) {
            expected("a value or `]`");
        }
        array.items.push_back(parse_value());
        array.resolved = array.resolved && array.items.back()->resolved;
        if (take_separator()) continue;
        if (!at(TokenKind::kCloseBracket)) expected_separator("`]`");
    }
    take();
    --lists_;
    return pool_.make(std::move(array));
}

}  // namespace

const Node* parse(Pool& pool, std::string_view text, std::shared_ptr<const std::string> file,
                  const Place& place, const Includer& includer) {
    auto tokens = tokenize(text, std::move(file), pool.limits().tokens_max);
    return Parser(pool, std::move(tokens), place, includer).parse_root();
}

}  // namespace snowline::config
