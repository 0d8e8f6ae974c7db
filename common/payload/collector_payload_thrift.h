#pragma once

#include "common/payload/collector_payload.h"
#include "common/result.h"

#include <string>
#include <string_view>

namespace snowline::payload {

/// The bytes of a payload: a Thrift struct in the binary protocol, without message envelope, fields
/// in ascending id order, so that `schema` (31337) is last.
std::string to_thrift(const CollectorPayload& payload);

/// Bytes that `to_thrift` would give, without making them.
std::size_t thrift_size(const CollectorPayload& payload);

/// Reads such bytes: fields in any order, unknown ones skipped, bytes behind the end ignored;
/// malformed UTF-8 becomes U+FFFD. The error is the message that the reference's Thrift library
/// would give, as far as it matters. No input can make it allocate more than a few times its size.
Result<CollectorPayload> from_thrift(std::string_view bytes);

}  // namespace snowline::payload
