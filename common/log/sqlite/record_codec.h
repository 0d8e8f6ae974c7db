#pragma once

#include "common/log/log.h"

#include <string>
#include <string_view>
#include <vector>

namespace snowline::log::sqlite {

/// A record's headers in one column: of each header the name and the value, both as a length
/// (4 bytes, little endian) and that many bytes.
std::string encode_headers(const std::vector<Header>& headers);

/// Stops at the first bytes that are no such header.
std::vector<Header> decode_headers(std::string_view bytes);

/// Bytes that a record takes in memory and, about, on disk.
std::size_t size_of(const Record& record);

}  // namespace snowline::log::sqlite
