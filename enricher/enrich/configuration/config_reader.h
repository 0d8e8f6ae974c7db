#pragma once

#include "common/json/value.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// Reads the members of one object of a configuration. An error names the member and what is
/// allowed; the value is then empty, and reading goes on, so that all errors are reported at once.
class ConfigReader {
public:
    struct Range {
        std::int64_t min, max;
    };

    /// `path` is what errors begin with, e.g. `parameters`. `errors` must outlive the reader.
    ConfigReader(json::Value object, std::string path, std::vector<std::string>& errors);

    std::string text(std::string_view name);
    std::optional<std::string> optional_text(std::string_view name);
    std::int64_t integer(std::string_view name, Range range);
    std::optional<std::int64_t> optional_integer(std::string_view name, Range range);
    bool flag(std::string_view name, bool otherwise);
    std::vector<std::string> texts(std::string_view name);
    /// One of `allowed`; on an error the first of them.
    std::string_view choice(std::string_view name, std::span<const std::string_view> allowed);

    /// A nested object; where it is missing, an empty one and an error.
    ConfigReader section(std::string_view name);
    std::optional<ConfigReader> optional_section(std::string_view name);
    /// The objects of a list.
    std::vector<ConfigReader> sections(std::string_view name);

    bool has(std::string_view name) const;
    json::Value value() const { return object_; }
    std::string path_of(std::string_view name) const;
    void wrong(std::string_view name, std::string_view what);
    /// Adds an error that does not show the value.
    void wrong_secret(std::string_view name, std::string_view what);

private:
    const json::Value* member(std::string_view name) const;
    const json::Value* required(std::string_view name, std::string_view what);

    json::Value object_;
    std::string path_;
    std::vector<std::string>* errors_;
};

}  // namespace snowline::enricher
