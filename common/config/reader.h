#pragma once

#include "common/config/report.h"
#include "common/config/tree.h"
#include "common/config/values.h"
#include "common/text/name_table.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace snowline::config {

struct Range {
    std::int64_t min = std::numeric_limits<std::int64_t>::min();
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

/// The words of an enumeration, in the order in which an error lists them.
template <class E>
using Words = std::vector<std::pair<std::string_view, E>>;

/// Reads one section of a configuration into a struct that holds the defaults, a line a key:
///
///     reader.read("port", settings.port);
///
/// A key that is missing or null leaves the field as it is (an optional becomes empty where the
/// text says null); a wrong value adds an error to the report and leaves it too, so that all errors
/// are found. Texts are accepted for numbers and booleans, as the environment gives them.
/// A section that is missing reads as an empty one. Borrows the tree and the report.
class Reader {
public:
    Reader(const Value& section, std::string path, Report& report)
        : Reader(section, section.position, std::move(path), report) {}

    /// The section below `key`; `shown_as` is its name in messages, if not the whole path.
    Reader section(std::string_view key, std::string shown_as = {}) const;

    /// The sections of a list of objects.
    std::vector<Reader> sections(std::string_view key) const;

    void read(std::string_view key, std::string& field) const;
    void read(std::string_view key, bool& field) const;
    /// A number with a unit, or in milliseconds.
    void read(std::string_view key, Duration& field, Duration min = Duration(0)) const;
    void read(std::string_view key, std::vector<std::string>& field) const;
    /// An object whose values are texts.
    void read(std::string_view key, StringMap& field) const;

    template <class Integer>
    requires std::is_integral_v<Integer>
    void read(std::string_view key, Integer& field, Range range = whole_range<Integer>()) const {
        if (const auto value = integer(key, range)) field = static_cast<Integer>(*value);
    }

    template <class E>
    requires std::is_enum_v<E>
    void read(std::string_view key, E& field, const Words<E>& words) const {
        std::vector<std::string_view> names;
        for (const auto& [name, value] : words) names.push_back(name);
        if (const auto index = word(key, names)) field = words[*index].second;
    }
    template <class E, std::size_t N>
    void read(std::string_view key, E& field, const text::NameTable<E, N>& words) const {
        read(key, field, Words<E>(words.begin(), words.end()));
    }

    template <class T, class... More>
    void read(std::string_view key, std::optional<T>& field, const More&... more) const {
        const Value* value = find(key);
        if (!value) return;
        if (value->type == Type::kNull) {
            field.reset();
            return;
        }
        T read_value{};
        if (field) read_value = *field;
        const std::size_t errors_before = errors();
        read(key, read_value, more...);
        if (errors() == errors_before) field = std::move(read_value);
    }

    /// Like read, and an error where the key is missing.
    template <class T, class... More>
    void require(std::string_view key, T& field, const More&... more) const {
        if (!has(key)) missing(key);
        read(key, field, more...);
    }

    /// A size with a unit (`64 MiB`) or in bytes.
    void read_bytes(std::string_view key, std::int64_t& field, Range range = {.min = 0}) const;
    void read_bytes(std::string_view key, std::optional<std::int64_t>& field,
                    Range range = {.min = 0}) const;
    /// An object of texts where `a.b = c` is the text c of the name `a.b`.
    void read_flat(std::string_view key, StringMap& field) const;

    /// Accepts the key with any value, and does not use it.
    void accept(std::string_view key) const;

    /// Warns if the key is set: it is accepted, and not implemented.
    void without_effect(std::string_view key) const;

    /// Whether there is a value that is not null.
    bool has(std::string_view key) const;
    /// The value, or nullptr; makes the key known.
    const Value* find(std::string_view key) const;
    const Value& value() const { return *section_; }
    std::string path(std::string_view key) const;

    /// `key` of the file is wrong: reports what it holds, and `allowed` in words.
    void refuse(std::string_view key, std::string_view allowed) const;
    void missing(std::string_view key) const;
    /// Reports another error at the key; `message` follows the key's path.
    void error(std::string_view key, std::string_view message) const;
    void warning(std::string_view key, std::string_view message) const;

private:
    Reader(const Value& section, Position position, std::string path, Report& report)
        : section_(&section),
          position_(std::move(position)),
          path_(std::move(path)),
          report_(&report) {}

    template <class Integer>
    static constexpr Range whole_range() {
        if constexpr (sizeof(Integer) >= sizeof(std::int64_t)) return {};
        return {static_cast<std::int64_t>(std::numeric_limits<Integer>::min()),
                static_cast<std::int64_t>(std::numeric_limits<Integer>::max())};
    }

    const Value* scalar(std::string_view key, std::string_view allowed) const;
    std::optional<std::int64_t> integer(std::string_view key, Range range) const;
    std::optional<std::size_t> word(std::string_view key,
                                    const std::vector<std::string_view>& words) const;
    void add_flat(const Value& object, const std::string& map, const std::string& prefix,
                  StringMap& out) const;
    Position position(std::string_view key) const;
    std::size_t errors() const;

    const Value* section_;
    Position position_;  // of the section; where it is missing, of the section around it
    std::string path_;
    Report* report_;
};

}  // namespace snowline::config
