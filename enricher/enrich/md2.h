#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace snowline::enricher {

/// MD2 (RFC 1319), which OpenSSL 3 no longer has. Insecure; only for existing pseudonyms that were
/// made with it.
class Md2 {
public:
    void update(std::string_view bytes);
    std::array<std::uint8_t, 16> finish();  // resets

private:
    void block(const std::array<std::uint8_t, 16>& bytes);

    std::array<std::uint8_t, 48> state_{};
    std::array<std::uint8_t, 16> checksum_{};
    std::array<std::uint8_t, 16> pending_{};
    std::size_t pending_size_ = 0;
};

}  // namespace snowline::enricher
