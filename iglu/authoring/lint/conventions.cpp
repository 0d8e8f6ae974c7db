#include "iglu/authoring/lint/conventions.h"

#include "common/text/ascii.h"
#include "common/text/utf8.h"
#include "iglu/authoring/lint/subschemas.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace snowline::iglu::lint {
namespace {

using json::Value;

// Whether the text is lower-case words with single separators.
bool is_separated(std::string_view text, char separator) {
    if (text.empty() || !text::is_lower(text[0]) || text.back() == separator) return false;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const bool is_separator = text[i] == separator && text[i - 1] != separator;
        if (!text::is_lower(text[i]) && !text::is_digit(text[i]) && !is_separator) return false;
    }
    return true;
}

bool is_letters_and_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), text::is_alphanumeric);
}

bool is_below(std::string_view vendor, std::string_view prefix) {
    return vendor == prefix ||
           (vendor.starts_with(prefix) && vendor.substr(prefix.size()).starts_with('.'));
}

class Judge {
public:
    Judge(const model::SchemaKey& key, const Conventions& conventions)
        : key_(key), conventions_(conventions) {}

    void judge_key() {
        const auto& vendors = conventions_.vendors;
        const bool is_ours =
            vendors.empty() || std::any_of(vendors.begin(), vendors.end(), [&](const auto& prefix) {
                return is_below(key_.vendor, prefix);
            });
        if (!is_ours) {
            add("vendors", "/",
                fmt::format("vendor {} is none of {}", key_.vendor, fmt::join(vendors, ", ")));
        }
        if (conventions_.names && !is_spelled(key_.name, *conventions_.names)) {
            add("names", "/",
                fmt::format("name {} is not in {}", key_.name,
                            kSpellings.name_of(*conventions_.names)));
        }
    }

    void judge_life(const std::optional<LifeCycle>& life) {
        const std::string owner = life ? life->owner : "";
        const std::string domain = life ? life->domain : "";
        if (conventions_.owner && owner.empty())
            add("owner", "/", fmt::format("no owner in {}", kLifeCycleFile));
        const bool needs_domain = conventions_.domain || !conventions_.domains.empty();
        if (needs_domain && domain.empty()) {
            add("domain", "/", fmt::format("no domain in {}", kLifeCycleFile));
            return;
        }
        const auto& domains = conventions_.domains;
        if (!domains.empty() && std::find(domains.begin(), domains.end(), domain) == domains.end())
            add("domain", "/",
                fmt::format("domain {} is none of {}", domain, fmt::join(domains, ", ")));
    }

    void judge_place(const Subschema& place) {
        const std::string pointer = place.pointer.empty() ? "/" : place.pointer;
        const Value* properties = place.schema.find("properties");
        if (properties != nullptr && properties->is_object()) {
            for (const json::Member& member : properties->members()) judge_name(member, pointer);
            const Value* others = place.schema.find("additionalProperties");
            const bool is_closed = others != nullptr && others->is_boolean() && !others->is_true();
            if (conventions_.closed && !is_closed)
                add("additionalProperties", pointer, "additionalProperties is not false");
        }
        const Value* description = place.schema.find("description");
        if (description != nullptr && description->is_string() &&
            text::code_points(description->text()) < conventions_.description_min) {
            add("description", pointer,
                fmt::format("the description has less than {} characters",
                            conventions_.description_min));
        }
    }

    std::vector<Issue> take() { return std::move(issues_); }

private:
    void judge_name(const json::Member& member, const std::string& pointer) {
        if (!conventions_.properties || is_spelled(member.name, *conventions_.properties)) return;
        add("properties", pointer,
            fmt::format("property {} is not in {}", member.name,
                        kSpellings.name_of(*conventions_.properties)));
    }

    void add(std::string_view rule, const std::string& pointer, std::string message) {
        issues_.push_back({.linter = fmt::format("conventions.{}", rule),
                           .level = Level::kWarning,
                           .pointer = pointer,
                           .message = std::move(message)});
    }

    const model::SchemaKey& key_;
    const Conventions& conventions_;
    std::vector<Issue> issues_;
};

}  // namespace

bool is_spelled(std::string_view text, Spelling spelling) {
    switch (spelling) {
        case Spelling::kSnakeCase:
            return is_separated(text, '_');
        case Spelling::kKebabCase:
            return is_separated(text, '-');
        case Spelling::kCamelCase:
            return !text.empty() && text::is_lower(text[0]) && is_letters_and_digits(text);
        case Spelling::kPascalCase:
            return !text.empty() && text::is_upper(text[0]) && is_letters_and_digits(text);
    }
    return false;
}

std::vector<Issue> judge_conventions(const model::SchemaKey& key, Value schema,
                                     const std::optional<LifeCycle>& life,
                                     const Conventions& conventions) {
    Judge judge(key, conventions);
    judge.judge_key();
    judge.judge_life(life);
    if (schema.is_object()) {
        for (const Subschema& place : subschemas_of(schema)) judge.judge_place(place);
    }
    return judge.take();
}

}  // namespace snowline::iglu::lint
