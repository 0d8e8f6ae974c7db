#include "common/config/reader.h"

#include "common/config/units.h"

#include <fmt/format.h>

namespace snowline::config {
namespace {

const Value kNothing{.type = Type::kObject};

bool is_scalar(const Value& value) {
    return value.type != Type::kObject && value.type != Type::kList && value.type != Type::kNull;
}

std::string shown(std::string_view key, const Value& value) {
    if (value.type == Type::kObject) return "an object";
    if (value.type == Type::kList) return "a list";
    if (is_secret(key)) return "*****";
    constexpr std::size_t kLongest = 80;
    const std::string text =
        value.text.size() > kLongest ? value.text.substr(0, kLongest) + "…" : value.text;
    return value.type == Type::kString ? fmt::format("\"{}\"", text) : text;
}

std::string describe(Range range, std::string_view what) {
    constexpr Range kAny{};
    if (range.min != kAny.min && range.max != kAny.max) {
        return fmt::format("{} from {} to {}", what, range.min, range.max);
    }
    if (range.min != kAny.min) return fmt::format("{} from {} on", what, range.min);
    return std::string(what);
}

bool holds(Range range, std::int64_t value) {
    return range.min <= value && value <= range.max;
}

void put(StringMap& map, std::string name, std::string text) {
    for (auto& [known, value] : map) {
        if (known != name) continue;
        value = std::move(text);
        return;
    }
    map.emplace_back(std::move(name), std::move(text));
}

}  // namespace

Reader Reader::section(std::string_view key, std::string shown_as) const {
    const Value* value = find(key);
    if (value && value->type != Type::kObject && value->type != Type::kNull) {
        refuse(key, "an object, { … }");
    }
    const bool usable = value && value->type == Type::kObject;
    return {usable ? *value : kNothing, usable ? value->position : position_,
            shown_as.empty() ? path(key) : std::move(shown_as), *report_};
}

std::vector<Reader> Reader::sections(std::string_view key) const {
    constexpr std::string_view kAllowed = "a list of objects, [ { … }, { … } ]";
    const Value* value = find(key);
    if (!value || value->type == Type::kNull) return {};
    std::vector<Reader> out;
    if (value->type != Type::kList) refuse(key, kAllowed);
    for (const Value& item : value->items) {
        if (item.type != Type::kObject) {
            refuse(key, kAllowed);
            return {};
        }
        out.emplace_back(item, fmt::format("{}[{}]", path(key), out.size()), *report_);
    }
    return out;
}

void Reader::read(std::string_view key, std::string& field) const {
    if (const Value* value = scalar(key, "a text")) field = value->text;
}

void Reader::read(std::string_view key, bool& field) const {
    constexpr std::string_view kAllowed = "true or false";
    const Value* value = scalar(key, kAllowed);
    if (!value) return;
    if (const auto parsed = parse_boolean(value->text)) {
        field = *parsed;
    } else {
        refuse(key, kAllowed);
    }
}

void Reader::read(std::string_view key, Duration& field, Duration min) const {
    const std::string allowed = fmt::format(
        "a duration, such as `10 seconds`, `5 minutes` or `1500 ms`, from {} ms on", min.count());
    const Value* value = scalar(key, allowed);
    if (!value) return;
    const auto nanoseconds = parse_duration(value->text);
    if (nanoseconds && std::chrono::nanoseconds(*nanoseconds) >= min) {
        field = std::chrono::duration_cast<Duration>(std::chrono::nanoseconds(*nanoseconds));
    } else {
        refuse(key, allowed);
    }
}

void Reader::read(std::string_view key, std::vector<std::string>& field) const {
    constexpr std::string_view kAllowed = "a list of texts, [ \"…\", \"…\" ]";
    const Value* value = find(key);
    if (!value || value->type == Type::kNull) return;
    if (value->type != Type::kList) return refuse(key, kAllowed);
    std::vector<std::string> texts;
    for (const Value& item : value->items) {
        if (!is_scalar(item)) return refuse(key, kAllowed);
        texts.push_back(item.text);
    }
    field = std::move(texts);
}

void Reader::read(std::string_view key, StringMap& field) const {
    constexpr std::string_view kAllowed = "an object of texts, { \"name\" = \"text\" }";
    const Value* value = find(key);
    if (!value || value->type == Type::kNull) return;
    report_->know_all(*value);
    if (value->type != Type::kObject) return refuse(key, kAllowed);
    StringMap texts;
    for (const auto& [name, item] : value->members) {
        if (!is_scalar(item)) return refuse(key, kAllowed);
        texts.emplace_back(name, item.text);
    }
    field = std::move(texts);
}

void Reader::read_flat(std::string_view key, StringMap& field) const {
    const Value* value = find(key);
    if (!value || value->type == Type::kNull) return;
    report_->know_all(*value);
    if (value->type != Type::kObject) {
        return refuse(key, "an object of texts, { \"name\" = \"text\" }");
    }
    StringMap texts;
    add_flat(*value, path(key), "", texts);
    field = std::move(texts);
}

void Reader::add_flat(const Value& object, const std::string& map, const std::string& prefix,
                      StringMap& out) const {
    for (const auto& [name, value] : object.members) {
        if (value.type == Type::kObject) {
            report_->know_all(value);
            add_flat(value, map, prefix + name + ".", out);
        } else if (is_scalar(value)) {
            put(out, prefix + name, value.text);
        } else if (value.type == Type::kList) {
            report_->error(value.position, fmt::format("{}: a list is not allowed here; a text is",
                                                       map + "." + prefix + name));
        }
    }
}

void Reader::read_bytes(std::string_view key, std::int64_t& field, Range range) const {
    const std::string allowed = describe(range,
                                         "a size, such as `64 MiB`, `10 kB` or a number of "
                                         "bytes,");
    const Value* value = scalar(key, allowed);
    if (!value) return;
    const auto bytes = parse_size(value->text);
    if (bytes && holds(range, *bytes)) {
        field = *bytes;
    } else {
        refuse(key, allowed);
    }
}

void Reader::read_bytes(std::string_view key, std::optional<std::int64_t>& field,
                        Range range) const {
    if (!has(key)) return;
    std::int64_t bytes = field.value_or(range.min);
    const std::size_t errors_before = errors();
    read_bytes(key, bytes, range);
    if (errors() == errors_before) field = bytes;
}

std::optional<std::int64_t> Reader::integer(std::string_view key, Range range) const {
    const std::string allowed = describe(range, "a whole number");
    const Value* value = scalar(key, allowed);
    if (!value) return std::nullopt;
    const auto parsed = parse_integer(value->text);
    if (parsed && holds(range, *parsed)) return parsed;
    refuse(key, allowed);
    return std::nullopt;
}

std::optional<std::size_t> Reader::word(std::string_view key,
                                        const std::vector<std::string_view>& words) const {
    std::string allowed = words.size() > 1 ? "one of " : "";
    for (std::size_t i = 0; i < words.size(); ++i) {
        allowed += fmt::format("{}`{}`", i == 0 ? "" : ", ", words[i]);
    }
    const Value* value = scalar(key, allowed);
    if (!value) return std::nullopt;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (value->text == words[i]) return i;
    }
    refuse(key, allowed);
    return std::nullopt;
}

void Reader::accept(std::string_view key) const {
    if (const Value* value = find(key)) report_->know_all(*value);
}

void Reader::without_effect(std::string_view key) const {
    if (has(key)) warning(key, "has no effect yet");
}

bool Reader::has(std::string_view key) const {
    const Value* value = find(key);
    return value && value->type != Type::kNull;
}

const Value* Reader::find(std::string_view key) const {
    if (section_ != &kNothing) report_->know(*section_, path_, key);
    return section_->find(key);
}

const Value* Reader::scalar(std::string_view key, std::string_view allowed) const {
    const Value* value = find(key);
    if (!value || value->type == Type::kNull) return nullptr;
    if (is_scalar(*value)) return value;
    refuse(key, allowed);
    return nullptr;
}

std::string Reader::path(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

Position Reader::position(std::string_view key) const {
    const Value* value = section_->find(key);
    return value ? value->position : position_;
}

void Reader::refuse(std::string_view key, std::string_view allowed) const {
    const Value* value = section_->find(key);
    error(key, fmt::format("{} is not allowed here; {} is", value ? shown(key, *value) : "nothing",
                           allowed));
}

void Reader::missing(std::string_view key) const {
    error(key, "is required, and missing");
}

void Reader::error(std::string_view key, std::string_view message) const {
    report_->error(position(key), fmt::format("{}: {}", path(key), message));
}

void Reader::warning(std::string_view key, std::string_view message) const {
    report_->warning(position(key), fmt::format("{}: {}", path(key), message));
}

std::size_t Reader::errors() const {
    return report_->error_count();
}

}  // namespace snowline::config
