#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace snowline::cli {

/// Lines and columns count from 1, columns in bytes.
struct JsonPlace {
    std::size_t line, column;
};

/// Where the value at a validator's path (`$.a.b[0]`) begins in a JSON text; nullopt where the path
/// does not lead to a value. Names are not quoted in such a path, so of `$.a.b` the member `a.b` is
/// tried before the member `b` of `a`.
std::optional<JsonPlace> place_of(std::string_view json, std::string_view path);

}  // namespace snowline::cli
