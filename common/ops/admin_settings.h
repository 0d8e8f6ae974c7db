#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::ops {

/// Key `snowline.admin`: the private port with /metrics, /health, /ready and the log level. Without
/// a port there is none.
struct AdminSettings {
    std::string interface = "127.0.0.1";
    std::optional<std::uint16_t> port;
};

/// Reads the section `admin`.
void read_admin(const config::Reader& section, AdminSettings& settings);

}  // namespace snowline::ops
