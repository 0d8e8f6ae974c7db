#pragma once

#include "common/json/arena.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace snowline::enricher {

enum class HashFunction : std::uint8_t { kMd2, kMd5, kSha1, kSha256, kSha384, kSha512 };

/// Hashes texts as Java would: their UTF-8 bytes, with `?` for a lone surrogate. Reuses its
/// context; one thread.
class Hasher {
public:
    explicit Hasher(HashFunction function);
    /// HMAC (RFC 2104) with this key; not for MD2.
    Hasher(HashFunction function, std::string_view key);
    ~Hasher();
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;

    void add(std::string_view text);
    /// Lower-case hex hash of everything added, in `arena`; then resets.
    std::string_view finish(json::Arena& arena);

private:
    struct Engine;
    void add_bytes(std::string_view bytes);
    std::unique_ptr<Engine> engine_;
};

}  // namespace snowline::enricher
