#include "enricher/enrich/hasher.h"

#include "common/check.h"
#include "enricher/enrich/md2.h"

#include <array>
#include <optional>
#include <string>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

namespace snowline::enricher {
namespace {

struct Free {
    void operator()(EVP_MD* p) const { EVP_MD_free(p); }
    void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
    void operator()(EVP_MAC* p) const { EVP_MAC_free(p); }
    void operator()(EVP_MAC_CTX* p) const { EVP_MAC_CTX_free(p); }
};

const char* openssl_name(HashFunction function) {
    switch (function) {
        case HashFunction::kMd2:
            return "MD2";
        case HashFunction::kMd5:
            return "MD5";
        case HashFunction::kSha1:
            return "SHA1";
        case HashFunction::kSha256:
            return "SHA256";
        case HashFunction::kSha384:
            return "SHA384";
        case HashFunction::kSha512:
            return "SHA512";
    }
    return "";
}

constexpr std::size_t kDigestBytesMax = 64;

}  // namespace

/// Exactly one is in use: our MD2, a digest, or a MAC.
struct Hasher::Engine {
    std::optional<Md2> md2;
    std::unique_ptr<EVP_MD, Free> digest;
    std::unique_ptr<EVP_MD_CTX, Free> digest_context;
    std::unique_ptr<EVP_MAC_CTX, Free> mac;
    bool begun = false;
};

Hasher::Hasher(HashFunction function) : engine_(std::make_unique<Engine>()) {
    if (function == HashFunction::kMd2) {
        engine_->md2.emplace();
        return;
    }
    engine_->digest.reset(EVP_MD_fetch(nullptr, openssl_name(function), nullptr));
    engine_->digest_context.reset(EVP_MD_CTX_new());
    SNOWLINE_CHECK(engine_->digest != nullptr && engine_->digest_context != nullptr);
}

Hasher::Hasher(HashFunction function, std::string_view key) : engine_(std::make_unique<Engine>()) {
    SNOWLINE_CHECK(function != HashFunction::kMd2);
    const std::unique_ptr<EVP_MAC, Free> hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    engine_->mac.reset(EVP_MAC_CTX_new(hmac.get()));
    std::string name = openssl_name(function);
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_end()};
    SNOWLINE_CHECK(engine_->mac != nullptr &&
                   EVP_MAC_init(engine_->mac.get(),
                                reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                                parameters.data()) == 1);
    engine_->begun = true;
}

Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::add_bytes(std::string_view bytes) {
    Engine& engine = *engine_;
    if (engine.md2) return engine.md2->update(bytes);
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    if (engine.mac) {
        // Without a key: restarts with the present one.
        if (!engine.begun) EVP_MAC_init(engine.mac.get(), nullptr, 0, nullptr);
        EVP_MAC_update(engine.mac.get(), data, bytes.size());
    } else {
        if (!engine.begun) {
            EVP_DigestInit_ex2(engine.digest_context.get(), engine.digest.get(), nullptr);
        }
        EVP_DigestUpdate(engine.digest_context.get(), data, bytes.size());
    }
    engine.begun = true;
}

void Hasher::add(std::string_view text) {
    // A surrogate's three bytes are ED A0..BF 80..BF.
    std::size_t from = 0;
    for (std::size_t at = text.find('\xED'); at != std::string_view::npos;
         at = text.find('\xED', at + 1)) {
        if (at + 2 >= text.size() || static_cast<unsigned char>(text[at + 1]) < 0xA0) continue;
        add_bytes(text.substr(from, at - from));
        add_bytes("?");
        from = at + 3;
    }
    add_bytes(text.substr(from));
}

std::string_view Hasher::finish(json::Arena& arena) {
    std::array<unsigned char, kDigestBytesMax> digest{};
    std::size_t size = 0;
    add_bytes({});  // begins, where nothing was added
    if (engine_->md2) {
        const auto bytes = engine_->md2->finish();
        size = bytes.size();
        std::copy(bytes.begin(), bytes.end(), digest.begin());
    } else if (engine_->mac) {
        EVP_MAC_final(engine_->mac.get(), digest.data(), &size, digest.size());
    } else {
        unsigned int written = 0;
        EVP_DigestFinal_ex(engine_->digest_context.get(), digest.data(), &written);
        size = written;
    }
    engine_->begun = false;
    char* out = arena.allocate_array<char>(2 * size);
    constexpr std::string_view kHex = "0123456789abcdef";
    for (std::size_t i = 0; i < size; ++i) {
        out[2 * i] = kHex[digest[i] >> 4];
        out[2 * i + 1] = kHex[digest[i] & 15];
    }
    return {out, 2 * size};
}

}  // namespace snowline::enricher
