#pragma once

#include "common/http/client.h"
#include "common/result.h"

#include <cstdint>
#include <string>

namespace snowline::log::kafka {

/// Where tokens for SASL/OAUTHBEARER come from: a token endpoint that is asked with the client's
/// credentials (RFC 6749 §4.4), or a command.
struct OauthSettings {
    std::string endpoint;  // of the token, http:// or https://
    std::string client_id;
    std::string client_secret;
    std::string scope;
    std::string command;  // for /bin/sh; prints a token, or a token endpoint's JSON

    bool operator==(const OauthSettings&) const = default;
};

struct Token {
    std::string value;
    std::string principal;        // its subject
    std::int64_t expires_ms = 0;  // since the epoch
};

/// A token that is good from now on. Waits 10 s at most. Errors never show a token or a secret.
Result<Token> fetch_token(const OauthSettings& settings, http::Client& client, std::int64_t now_ms);

/// A token out of an endpoint's JSON (`access_token`, `expires_in`) or as it is. What a JWT says of
/// its subject and its end counts.
Result<Token> read_token(const std::string& text, const OauthSettings& settings,
                         std::int64_t now_ms);

}  // namespace snowline::log::kafka
