#pragma once

#include "collector/wire/head.h"
#include "collector/wire/refusal.h"

#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector {

struct ResponseHeader {
    std::string name, value;
};

inline constexpr const char* kPlainText = "text/plain; charset=UTF-8";

/// An answer, without the connection's headers (Server, Date, Connection, Content-Length).
struct Response {
    int status = 200;
    std::vector<ResponseHeader> headers;  // in this order
    std::string content_type;             // empty: no such header
    std::string body;

    /// Not added where the value holds CR, LF or NUL, by which a client could inject headers.
    void add(std::string_view name, std::string_view value);
};

Response plain_response(int status, std::string_view body);
Response refusal_response(const wire::Refusal& refusal);

struct Rendering {
    bool is_http10 = false;
    bool keep_alive = true;
    bool with_body = true;  // false for HEAD
    std::int64_t now_seconds = 0;
};

/// The bytes of an answer.
std::string render(const Response& response, const Rendering& rendering);

/// `HTTP/1.1 100 Continue`.
std::string render_continue(std::int64_t now_seconds);

}  // namespace snowline::collector
