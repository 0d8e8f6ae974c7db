#pragma once

#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Parses URIs as java.net.URI does (RFC 2396 plus non-ASCII). Error messages and their indices
/// (UTF-16 units) are that class's.
namespace snowline::enricher::java_uri {

/// Parts are views of the text, undecoded.
struct Parts {
    std::optional<std::string_view> scheme, user_info, host, path, query, fragment;
    std::int32_t port = -1;  // -1: none
};

Result<Parts> parse(std::string_view text);

/// Bytes of the longest prefix that is legal in a query or fragment.
std::size_t legal_query_prefix(std::string_view text);

/// The message `<reason> at index <i>: <text>` for the illegal byte `at` of `text`, in the part of
/// that name.
std::string illegal_at(std::string_view text, std::size_t at, std::string_view part);

}  // namespace snowline::enricher::java_uri
