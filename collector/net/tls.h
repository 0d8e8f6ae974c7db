#pragma once

#include "common/files/watched_value.h"

#include <filesystem>
#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

namespace snowline::collector::net {

/// Certificate and key from PEM files, spoken for as Mozilla's `intermediate` configuration asks.
/// New connections use what the files say now: they are read again when they change.
class TlsKeys {
public:
    /// Throws std::runtime_error where the files are no key pair.
    TlsKeys(std::string certificate, std::string private_key);

    /// Any thread.
    std::shared_ptr<boost::asio::ssl::context> current() const { return context_.current(); }

    /// Looks whether the files have changed. A pair that does not fit (one file may have been
    /// replaced before the other) is logged and tried again; the old one goes on serving. One
    /// thread.
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
    Stamp loaded_;  // of what was read last; of the thread that looks
    files::WatchedValue<boost::asio::ssl::context> context_;
};

}  // namespace snowline::collector::net
