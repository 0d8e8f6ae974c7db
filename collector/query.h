#pragma once

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
    explicit Query(std::string_view raw);

    const std::string* find_first(std::string_view name) const;
    const std::string* find_last(std::string_view name) const;
    bool has(std::string_view name) const { return find_first(name) != nullptr; }
    const std::vector<QueryParameter>& parameters() const { return parameters_; }

private:
    std::vector<QueryParameter> parameters_;
};

/// `name=value`, encoded as a form would; just the name where the value is empty.
void append_parameter(const QueryParameter& parameter, std::string& out);

}  // namespace snowline::collector
