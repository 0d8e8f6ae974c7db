#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::text {

/// A random UUID (version 4, RFC 9562), lower case, of 122 bits that come from `random`.
std::string format_uuid_v4(std::array<std::uint64_t, 2> random);

using UuidBytes = std::array<std::uint8_t, 16>;

/// The UUID of a name in a namespace (version 5, RFC 9562: SHA-1), lower case: always the same.
std::string format_uuid_v5(const UuidBytes& name_space, std::string_view name);

/// As java.util.UUID.fromString, which is lenient: `1-2-3-4-5` gives
/// 00000001-0002-0003-0004-000000000005. The result is the canonical text. nullopt where Java
/// throws.
std::optional<std::string> parse_uuid_lenient(std::string_view text);

/// The canonical lower-case text where `text` is a UUID in its full form (8-4-4-4-12), any case.
std::optional<std::string> parse_uuid(std::string_view text);

/// Whether it is a UUID in its full form and in lower case, so that `parse_uuid` would change
/// nothing.
bool is_canonical_uuid(std::string_view text);

/// Random UUIDs (version 4) from a generator seeded by the operating system. One thread.
class UuidSource {
public:
    UuidSource();
    std::string next();

private:
    std::array<std::uint64_t, 4> state_;
    std::uint64_t next_bits();
};

}  // namespace snowline::text
