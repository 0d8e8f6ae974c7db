#include "collector/net/tls.h"

#include "common/ops/logging.h"

#include <stdexcept>
#include <utility>

namespace snowline::collector::net {

namespace ssl = boost::asio::ssl;

namespace {

/// Mozilla's `intermediate`: TLS 1.2 and 1.3, elliptic curves, authenticated encryption. The order
/// is ours, except that a client which prefers ChaCha20 (for lack of AES hardware) gets it.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr long kSessionsMax = 4096;

void choose_protocol(SSL_CTX* context) {
    // No tickets: their key would have to be rotated, or it decrypts all recorded traffic.
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_sess_set_cache_size(context, kSessionsMax);
    const bool chosen = SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
                        SSL_CTX_set_cipher_list(context, kCiphers) == 1 &&
                        SSL_CTX_set1_groups_list(context, kGroups) == 1;
    if (!chosen) throw std::runtime_error("this OpenSSL lacks the ciphers of TLS 1.2 and 1.3");
}

}  // namespace

TlsKeys::TlsKeys(std::string certificate, std::string private_key)
    : certificate_(std::move(certificate)),
      private_key_(std::move(private_key)),
      loaded_(stamp()),
      context_(nullptr) {
    try {
        context_.replace(load());
    } catch (const std::exception& error) {
        throw std::runtime_error("snowline.tls: " + certificate_ + " and " + private_key_ +
                                 " are no certificate with its key in PEM: " + error.what());
    }
}

void TlsKeys::reload_if_changed() {
    const Stamp now = stamp();
    if (std::exchange(loaded_, now) == now) return;
    try {
        context_.replace(load());
        ops::log(ops::Level::kInfo, "read the changed TLS certificate", {{"file", certificate_}});
    } catch (const std::exception& error) {
        ops::log(ops::Level::kError,
                 "the changed TLS files are no pair; the old ones go on serving",
                 {{"certificate", certificate_}, {"error", error.what()}});
    }
}

TlsKeys::Stamp TlsKeys::stamp() const {
    std::error_code ignored;  // a missing file has the minimum time
    return {std::filesystem::last_write_time(certificate_, ignored),
            std::filesystem::last_write_time(private_key_, ignored)};
}

std::shared_ptr<ssl::context> TlsKeys::load() const {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    choose_protocol(context->native_handle());
    context->use_certificate_chain_file(certificate_);
    context->use_private_key_file(private_key_, ssl::context::pem);
    if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
        throw std::runtime_error("the key does not belong to the certificate");
    }
    return context;
}

}  // namespace snowline::collector::net
