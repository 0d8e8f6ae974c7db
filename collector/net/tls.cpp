#include "collector/net/tls.h"

#include "common/ops/logging.h"

#include <stdexcept>

namespace snowline::collector::net {

namespace ssl = boost::asio::ssl;

TlsKeys::TlsKeys(std::string certificate, std::string private_key)
    : certificate_(std::move(certificate)), private_key_(std::move(private_key)), loaded_(stamp()) {
    try {
        current_ = load();
    } catch (const std::exception& error) {
        throw std::runtime_error("snowline.tls: " + certificate_ + " and " + private_key_ +
                                 " are no certificate with its key in PEM: " + error.what());
    }
}

std::shared_ptr<ssl::context> TlsKeys::current() {
    const std::lock_guard lock(mutex_);
    return current_;
}

void TlsKeys::reload_if_changed() {
    const Stamp now = stamp();
    {
        const std::lock_guard lock(mutex_);
        if (now == loaded_) return;
        loaded_ = now;
    }
    try {
        auto fresh = load();
        const std::lock_guard lock(mutex_);
        current_ = std::move(fresh);
        ops::log(ops::Level::kInfo, "read the changed TLS certificate", {{"file", certificate_}});
    } catch (const std::exception& error) {
        ops::log(ops::Level::kError,
                 "the changed TLS files are no pair; the old ones go on serving",
                 {{"certificate", certificate_}, {"error", error.what()}});
    }
}

TlsKeys::Stamp TlsKeys::stamp() const {
    std::error_code ignored;  // a file that is away has the time of the beginning
    return {std::filesystem::last_write_time(certificate_, ignored),
            std::filesystem::last_write_time(private_key_, ignored)};
}

std::shared_ptr<ssl::context> TlsKeys::load() const {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                         ssl::context::no_sslv3 | ssl::context::no_tlsv1 |
                         ssl::context::no_tlsv1_1);
    context->use_certificate_chain_file(certificate_);
    context->use_private_key_file(private_key_, ssl::context::pem);
    if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
        throw std::runtime_error("the key does not belong to the certificate");
    }
    return context;
}

}  // namespace snowline::collector::net
