#include "enricher/enrich/json_path.h"

#include <algorithm>
#include <charconv>
#include <span>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::size_t kTextBytesMax = 4096;
constexpr std::size_t kStepsMax = 64;

/// Calls `visit` for a value and all lists and objects in it, parents first.
template <class Visit>
void walk(json::Value& root, Visit visit) {
    std::vector<json::Value*> left{&root};
    while (!left.empty()) {
        json::Value* value = left.back();
        left.pop_back();
        visit(*value);
        const std::size_t own = left.size();
        if (value->is_array()) {
            for (json::Value& item : mutable_items(*value)) left.push_back(&item);
        } else if (value->is_object()) {
            for (json::Member& member : mutable_members(*value)) left.push_back(&member.value);
        }
        std::reverse(left.begin() + static_cast<std::ptrdiff_t>(own), left.end());
    }
}

}  // namespace

// Not const in fact: `mutable_copy` made these arrays.
std::span<json::Value> mutable_items(json::Value array) {
    const auto items = array.items();
    return {const_cast<json::Value*>(items.data()), items.size()};
}

std::span<json::Member> mutable_members(json::Value object) {
    const auto members = object.members();
    return {const_cast<json::Member*>(members.data()), members.size()};
}

json::Value mutable_copy(json::Value value, json::Arena& arena,
                         std::string_view (*number)(std::string_view, json::Arena&)) {
    std::vector<json::Value*> left{&value};
    while (!left.empty()) {
        json::Value& at = *left.back();
        left.pop_back();
        if (at.is_number()) {
            at = json::Value::number(number(at.text(), arena));
        } else if (at.is_array()) {
            at = json::Value::array(arena.copy(at.items()));
            for (json::Value& item : mutable_items(at)) left.push_back(&item);
        } else if (at.is_object()) {
            at = json::Value::object(arena.copy(at.members()));
            for (json::Member& member : mutable_members(at)) left.push_back(&member.value);
        }
    }
    return value;
}

class JsonPath::Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<JsonPath> parse() {
        if (text_.size() > kTextBytesMax) return unexpected<std::string>("the path is too long");
        if (!skip("$")) return wrong("`$` at the beginning");
        JsonPath path;
        while (at_ < text_.size()) {
            Step step;
            step.deep = skip("..");
            const bool dot = step.deep || skip(".");
            const auto error = skip("[") ? bracket(step) : name(step, dot);
            if (error) return wrong(*error);
            if (path.steps_.size() == kStepsMax) return wrong("at most 64 steps");
            path.steps_.push_back(std::move(step));
        }
        return path;
    }

private:
    using Error = std::optional<std::string>;  // what was expected

    tl::unexpected<std::string> wrong(std::string_view expected) const {
        return tl::unexpected(
            fmt::format("`{}` is no path at character {}: expected {}", text_, at_ + 1, expected));
    }

    bool skip(std::string_view token) {
        if (!text_.substr(at_).starts_with(token)) return false;
        at_ += token.size();
        return true;
    }
    void skip_space() {
        while (skip(" ")) {
        }
    }

    Error name(Step& step, bool after_dot) {
        if (!after_dot) return "`.` or `[`";
        if (skip("*")) return std::nullopt;
        const std::size_t end = std::min(text_.find_first_of(".[()'\" ", at_), text_.size());
        if (end == at_) return "a name";
        if (end < text_.size() && text_[end] == '(') return "no function: they are not supported";
        step.kind = Step::Kind::kNames;
        step.names.emplace_back(text_.substr(at_, end - at_));
        at_ = end;
        return std::nullopt;
    }

    Error bracket(Step& step) {
        skip_space();
        if (text_.substr(at_).starts_with("?")) return "no filter: they are not supported";
        if (skip("*")) return close();
        if (at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '"')) return names(step);
        return numbers(step);
    }

    Error close() {
        skip_space();
        return skip("]") ? std::nullopt : Error("`]`");
    }

    Error names(Step& step) {
        step.kind = Step::Kind::kNames;
        do {
            skip_space();
            if (at_ == text_.size()) return "a quoted name";
            const char quote = text_[at_++];
            if (quote != '\'' && quote != '"') return "a quoted name";
            std::string name;
            while (at_ < text_.size() && text_[at_] != quote) {
                if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
                name += text_[at_++];
            }
            if (at_++ == text_.size()) return "the quote's end";
            step.names.push_back(std::move(name));
            skip_space();
        } while (skip(","));
        return close();
    }

    std::optional<std::int64_t> number() {
        skip_space();
        std::int64_t out = 0;
        const char* begin = text_.data() + at_;
        const auto read = std::from_chars(begin, text_.data() + text_.size(), out);
        if (read.ec != std::errc()) return std::nullopt;
        at_ += static_cast<std::size_t>(read.ptr - begin);
        skip_space();
        return out;
    }

    Error numbers(Step& step) {
        const auto first = number();
        if (skip(":")) {
            step.kind = Step::Kind::kSlice;
            step.from = first;
            step.to = number();
            return close();
        }
        if (!first) return "a quoted name, `*`, or a number";
        step.kind = Step::Kind::kIndices;
        step.indices.push_back(*first);
        while (skip(",")) {
            const auto next = number();
            if (!next) return "a number";
            step.indices.push_back(*next);
        }
        return close();
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

Result<JsonPath> JsonPath::parse(std::string_view text) {
    return Parser(text).parse();
}

std::vector<JsonPlace> JsonPath::find(json::Value& root) const {
    std::vector<JsonPlace> places{{.value = &root, .is_member = false}};
    for (const Step& step : steps_) {
        std::vector<JsonPlace> next;
        for (const JsonPlace& place : places) {
            if (step.deep) {
                walk(*place.value, [&](json::Value& from) { take(step, from, next); });
            } else {
                take(step, *place.value, next);
            }
        }
        places = std::move(next);
    }
    return places;
}

void JsonPath::take(const Step& step, json::Value& from, std::vector<JsonPlace>& out) {
    if (out.size() >= kPlacesMax) return;
    if (from.is_object()) {
        if (step.kind != Step::Kind::kNames && step.kind != Step::Kind::kAll) return;
        const auto members = mutable_members(from);
        if (step.kind == Step::Kind::kAll) {
            for (json::Member& member : members) out.push_back({&member.value, true});
        }
        for (const std::string& name : step.names) {
            for (json::Member& member : members) {
                if (member.name == name) out.push_back({&member.value, true});
            }
        }
        return;
    }
    if (!from.is_array()) return;
    const auto items = mutable_items(from);
    const auto count = static_cast<std::int64_t>(items.size());
    const auto from_end = [&](std::int64_t index) { return index < 0 ? index + count : index; };
    if (step.kind == Step::Kind::kIndices) {
        for (const std::int64_t given : step.indices) {
            const std::int64_t index = from_end(given);
            if (index >= 0 && index < count) {
                out.push_back({&items[static_cast<std::size_t>(index)], false});
            }
        }
    } else if (step.kind != Step::Kind::kNames) {
        const std::int64_t begin =
            std::clamp<std::int64_t>(from_end(step.from.value_or(0)), 0, count);
        const std::int64_t end =
            std::clamp<std::int64_t>(from_end(step.to.value_or(count)), 0, count);
        for (std::int64_t i = begin; i < end; ++i) {
            out.push_back({&items[static_cast<std::size_t>(i)], false});
        }
    }
}

}  // namespace snowline::enricher
