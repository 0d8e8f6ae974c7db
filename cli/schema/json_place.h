#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace snowline::cli {

/// Lines and columns count from 1, columns in bytes.
struct JsonPlace {
    std::size_t line, column;
};

/// The position in a JSON text of the value at a validator's path (`$.a.b[0]`); nullopt where the
/// path leads to no value. Names in such paths are not quoted: for `$.a.b` the member `a.b` is
/// tried before the member `b` of `a`.
std::optional<JsonPlace> place_of(std::string_view json, std::string_view path);

}  // namespace snowline::cli
