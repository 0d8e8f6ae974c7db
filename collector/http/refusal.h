#pragma once

#include <string>

namespace snowline::collector::http {

/// Why a request is not served by HTTP's own rules. The answer is text/plain and the connection is
/// closed, always: after one error nobody knows where the next request begins.
struct Refusal {
    int status;
    std::string text;
};

}  // namespace snowline::collector::http
