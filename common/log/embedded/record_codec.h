#pragma once

#include "common/log/log.h"

#include <string>
#include <string_view>
#include <vector>

namespace snowline::log::embedded {

/// A record's headers in one column: of each header the name and the value, both as a length
/// (4 bytes, little endian) and that many bytes.
std::string encode_headers(const std::vector<Header>& headers);

/// Stops at the first thing that is not such a header.
std::vector<Header> decode_headers(std::string_view bytes);

/// What a record takes in memory and, about, on disk.
std::size_t size_of(const Record& record);

/// As Kafka allows them: 1 to 249 of `a-z A-Z 0-9 . _ -`.
bool is_topic_name(std::string_view name);

}  // namespace snowline::log::embedded
