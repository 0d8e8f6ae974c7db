#pragma once

#include "common/json/arena.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace snowline::enricher {

enum class HashFunction : std::uint8_t { kMd2, kMd5, kSha1, kSha256, kSha384, kSha512 };

/// Hashes texts as Java hashes strings: their UTF-8, in which a lone surrogate is `?`. Keeps its
/// context from one text to the next; one thread.
class Hasher {
public:
    explicit Hasher(HashFunction function);
    /// HMAC (RFC 2104) with this key; not for MD2.
    Hasher(HashFunction function, std::string_view key);
    ~Hasher();
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;

    void add(std::string_view text);
    /// Lower-case hex of all that was added, in `arena`; begins anew.
    std::string_view finish(json::Arena& arena);

private:
    struct Engine;
    void add_bytes(std::string_view bytes);
    std::unique_ptr<Engine> engine_;
};

}  // namespace snowline::enricher
