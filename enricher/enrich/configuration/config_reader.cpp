#include "enricher/enrich/configuration/config_reader.h"

#include "common/json/print.h"

#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace snowline::enricher {
namespace {

std::optional<std::int64_t> whole_number(json::Value value) {
    if (!value.is_number()) return std::nullopt;
    std::int64_t out = 0;
    const std::string_view text = value.text();
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return out;
}

}  // namespace

ConfigReader::ConfigReader(json::Value object, std::string path, std::vector<std::string>& errors)
    : object_(object), path_(std::move(path)), errors_(&errors) {}

std::string ConfigReader::path_of(std::string_view name) const {
    return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

void ConfigReader::wrong(std::string_view name, std::string_view what) {
    const json::Value* found = object_.find(name);
    errors_->push_back(found == nullptr ? fmt::format("{} is missing; {}", path_of(name), what)
                                        : fmt::format("{}: {} is not allowed here; {}",
                                                      path_of(name), json::print(*found), what));
}

void ConfigReader::wrong_secret(std::string_view name, std::string_view what) {
    errors_->push_back(fmt::format("{}: ***** is not allowed here; {}", path_of(name), what));
}

const json::Value* ConfigReader::member(std::string_view name) const {
    const json::Value* found = object_.find(name);
    return found == nullptr || found->is_null() ? nullptr : found;
}

bool ConfigReader::has(std::string_view name) const {
    return member(name) != nullptr;
}

const json::Value* ConfigReader::required(std::string_view name, std::string_view what) {
    const json::Value* found = member(name);
    if (found == nullptr) wrong(name, what);
    return found;
}

std::optional<std::string> ConfigReader::optional_text(std::string_view name) {
    const json::Value* found = member(name);
    if (found == nullptr) return std::nullopt;
    if (found->is_string()) return std::string(found->text());
    wrong(name, "a text");
    return std::nullopt;
}

std::string ConfigReader::text(std::string_view name) {
    if (required(name, "a text") == nullptr) return {};
    return optional_text(name).value_or("");
}

std::optional<std::int64_t> ConfigReader::optional_integer(std::string_view name, Range range) {
    const json::Value* found = member(name);
    if (found == nullptr) return std::nullopt;
    const auto number = whole_number(*found);
    if (number && *number >= range.min && *number <= range.max) return number;
    wrong(name, fmt::format("an integer from {} to {}", range.min, range.max));
    return std::nullopt;
}

std::int64_t ConfigReader::integer(std::string_view name, Range range) {
    const auto what = fmt::format("an integer from {} to {}", range.min, range.max);
    if (required(name, what) == nullptr) return range.min;
    return optional_integer(name, range).value_or(range.min);
}

bool ConfigReader::flag(std::string_view name, bool otherwise) {
    const json::Value* found = member(name);
    if (found == nullptr) return otherwise;
    if (!found->is_boolean()) wrong(name, "true or false");
    return found->is_true();
}

std::vector<std::string> ConfigReader::texts(std::string_view name) {
    const json::Value* found = required(name, "a list of texts");
    if (found == nullptr) return {};
    std::vector<std::string> out;
    if (!found->is_array())
        wrong(name, "a list of texts");
    else {
        for (const json::Value& item : found->items()) {
            if (item.is_string())
                out.emplace_back(item.text());
            else
                return wrong(name, "a list of texts"), std::vector<std::string>{};
        }
    }
    return out;
}

std::string_view ConfigReader::choice(std::string_view name,
                                      std::span<const std::string_view> allowed) {
    const json::Value* found = member(name);
    if (found != nullptr && found->is_string()) {
        for (const std::string_view option : allowed) {
            if (option == found->text()) return option;
        }
    }
    wrong(name, fmt::format("one of {}", fmt::join(allowed, ", ")));
    return allowed.front();
}

ConfigReader ConfigReader::section(std::string_view name) {
    const json::Value* found = required(name, "an object");
    if (found != nullptr && !found->is_object()) wrong(name, "an object");
    return {found != nullptr ? *found : json::Value::null(), path_of(name), *errors_};
}

std::optional<ConfigReader> ConfigReader::optional_section(std::string_view name) {
    if (!has(name)) return std::nullopt;
    return section(name);
}

std::vector<ConfigReader> ConfigReader::sections(std::string_view name) {
    const json::Value* found = required(name, "a list of objects");
    std::vector<ConfigReader> out;
    if (found == nullptr) return out;
    if (!found->is_array()) return wrong(name, "a list of objects"), out;
    for (std::size_t i = 0; i < found->items().size(); ++i) {
        out.emplace_back(found->items()[i], fmt::format("{}[{}]", path_of(name), i), *errors_);
    }
    return out;
}

}  // namespace snowline::enricher
