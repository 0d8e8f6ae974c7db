#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::collector {

enum class IpPolicy : std::uint8_t { kKeep, kTruncate, kDrop };

/// What to do with an event whose sender objects. From mild to strict.
enum class SignalPolicy : std::uint8_t {
    kIgnore,
    kMark,       // the signal stays among the event's headers, whatever `headers` allows
    kAnonymise,  // as if the request had SP-Anonymous
    kDrop,       // answered as ever, and not stored
};
std::string_view name_of(SignalPolicy policy);

/// What events may hold of people, below `snowline.privacy`. Applied before anything is written.
struct PrivacySettings {
    IpPolicy ip = IpPolicy::kKeep;                    // truncate: 24 bits of IPv4, 48 of IPv6
    std::optional<std::vector<std::string>> headers;  // that events may have; none: all
    std::optional<std::vector<std::string>> cookies;
    SignalPolicy gpc = SignalPolicy::kIgnore;  // `Sec-GPC: 1`
    SignalPolicy dnt = SignalPolicy::kIgnore;  // `DNT: 1`
    /// Where set, `/.well-known/gpc.json` says that Global Privacy Control is respected, since this
    /// day (`2026-01-31`).
    std::optional<std::string> gpc_last_update;
};

/// Reads the section `privacy`.
void read_privacy(const config::Reader& section, PrivacySettings& settings);

}  // namespace snowline::collector
