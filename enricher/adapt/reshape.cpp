#include "enricher/adapt/reshape.h"

#include "common/json/build.h"
#include "common/json/rewrite.h"
#include "common/text/ascii.h"
#include "enricher/adapt/date_time.h"
#include "enricher/event/convert.h"

#include <algorithm>
#include <charconv>

namespace snowline::enricher {
namespace {

bool is_word(char c) {
    return text::is_alphanumeric(c) || c == '_';
}

bool contains(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

json::Value as_date_time(json::Value value, json::Arena& arena) {
    const auto seconds = value.is_string() ? parse_java_long(value.text()) : whole_number(value);
    const auto text = seconds ? date_time_of_seconds(*seconds, arena) : std::nullopt;
    return text ? json::Value::string(*text) : value;
}

}  // namespace

std::optional<std::int64_t> whole_number(json::Value value) {
    if (!value.is_number()) return std::nullopt;
    const std::string_view text = value.text();
    const char* const end = text.data() + text.size();
    std::int64_t whole = 0;
    const auto [at, error] = std::from_chars(text.data(), end, whole);
    if (error == std::errc() && at == end) return whole;
    // A fraction or an exponent: exact as a double, or too large for a time or a count.
    constexpr double kExact = 9007199254740992.0;  // 2^53
    double number = 0;
    const auto [rest, wrong] = std::from_chars(text.data(), end, number);
    if (wrong != std::errc() || rest != end || !(number > -kExact && number < kExact)) {
        return std::nullopt;
    }
    whole = static_cast<std::int64_t>(number);
    if (static_cast<double>(whole) != number) return std::nullopt;
    return whole;
}

std::string_view camel_case(std::string_view name, json::Arena& arena) {
    if (name.empty()) return name;
    std::string out;
    out.reserve(name.size());
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool is_seam =
            (name[i] == '_' || name[i] == '-') && i + 1 < name.size() && is_word(name[i + 1]);
        out += is_seam ? text::upper(name[++i]) : i == 0 ? text::lower(name[i]) : name[i];
    }
    return out == name ? name : arena.copy(out);
}

json::Value camel_case(json::Value json, json::Arena& arena) {
    const auto rename = [&arena](std::vector<json::Member> members) {
        for (json::Member& member : members) member.name = camel_case(member.name, arena);
        return members;
    };
    return json::rewrite(json, {.object = rename, .enter = {}}, arena);
}

json::Value tidy_event(json::Value json, TypeMember type, std::span<const std::string_view> times,
                       json::Arena& arena) {
    const auto tidy = [&](std::vector<json::Member> members) {
        std::vector<json::Member> out;
        for (json::Member& member : json::in_scala_map_order(std::move(members))) {
            if (contains(times, member.name)) member.value = as_date_time(member.value, arena);
            if (member.name == type.name && member.value.is_string() &&
                member.value.text() == type.value) {
                continue;
            }
            out.push_back(member);
        }
        return out;
    };
    const auto is_no_time = [&](const json::Member& member) {
        return !contains(times, member.name);
    };
    return json::rewrite(json, {.object = tidy, .enter = is_no_time}, arena);
}

json::Value without(json::Value json, std::string_view name, json::Arena& arena) {
    if (json.find(name) == nullptr) return json;
    std::vector<json::Member> members;
    for (const json::Member& member : json.members()) {
        if (member.name != name) members.push_back(member);
    }
    return json::object(arena, members);
}

}  // namespace snowline::enricher
