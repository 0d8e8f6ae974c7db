#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector {

struct QueryParameter {
    std::string name, value;  // decoded
};

/// A query's parameters in order, read leniently: `+` is a space, `%XX` a byte of UTF-8 (malformed
/// ones become U+FFFD), a name without `=` has an empty value; only `&` separates.
class Query {
public:
    Query() = default;
    /// `raw` must outlive the object; nothing is decoded before it is asked for.
    explicit Query(std::string_view raw) : raw_(raw) {}
    template <std::same_as<std::optional<std::string>> T>  // of a target: nullopt is an empty one
    explicit Query(const T& raw) : raw_(raw ? std::string_view(*raw) : std::string_view()) {}
    template <std::same_as<std::optional<std::string>> T>
    explicit Query(T&& temporary) = delete;
    template <std::same_as<std::string> T>
    explicit Query(T&& temporary) = delete;

    std::optional<std::string> find_first(std::string_view name) const;
    std::optional<std::string> find_last(std::string_view name) const;
    bool has(std::string_view name) const { return find_first(name).has_value(); }
    std::vector<QueryParameter> parameters() const;

private:
    std::string_view raw_;
};

/// `name=value`, encoded as a form would; just the name where the value is empty.
void append_parameter(const QueryParameter& parameter, std::string& out);

}  // namespace snowline::collector
