#pragma once

#include "common/files/watched_value.h"

#include <filesystem>
#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

namespace snowline::collector::net {

/// A TLS context with certificate and key from PEM files, set up like Mozilla's `intermediate`
/// configuration. The files are read again when they change; new connections use the new context.
class TlsKeys {
public:
    /// Throws std::runtime_error where the files are no key pair.
    TlsKeys(std::string certificate, std::string private_key);

    /// Thread-safe.
    std::shared_ptr<boost::asio::ssl::context> current() const { return context_.current(); }

    /// Checks whether the files have changed. A pair that does not match (one file may have been
    /// replaced before the other) is logged and tried again later; the old context stays in use.
    /// One thread.
    void reload_if_changed();

private:
    struct Stamp {
        std::filesystem::file_time_type certificate, private_key;
        bool operator==(const Stamp&) const = default;
    };
    Stamp stamp() const;
    std::shared_ptr<boost::asio::ssl::context> load() const;

    const std::string certificate_;
    const std::string private_key_;
    Stamp loaded_;  // of what was read last; used by the reloading thread only
    files::WatchedValue<boost::asio::ssl::context> context_;
};

}  // namespace snowline::collector::net
