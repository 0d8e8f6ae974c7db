#pragma once

#include <string>
#include <string_view>

namespace snowline::model {

/// A raw record as one line of JSON, its fields named as in the Thrift definition; bytes that are
/// no payload become `{"error":…,"base64":…}`.
std::string to_json(std::string_view thrift);

}  // namespace snowline::model
