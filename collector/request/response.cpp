#include "collector/request/response.h"

#include "common/text/time.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace snowline::collector {
namespace {

constexpr const char* kServer = "snowline";

struct Phrase {
    int status;
    const char* text;
};
constexpr std::array kPhrases{
    Phrase{200, "OK"},
    Phrase{301, "Moved Permanently"},
    Phrase{302, "Found"},
    Phrase{400, "Bad Request"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{408, "Request Timeout"},
    Phrase{413, "Content Too Large"},
    Phrase{414, "URI Too Long"},
    Phrase{429, "Too Many Requests"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{500, "Internal Server Error"},
    Phrase{501, "Not Implemented"},
    Phrase{503, "Service Unavailable"},
    Phrase{505, "HTTP Version Not Supported"},
};

const char* phrase(int status) {
    const auto* found = std::find_if(kPhrases.begin(), kPhrases.end(),
                                     [&](const Phrase& p) { return p.status == status; });
    return found == kPhrases.end() ? "Status" : found->text;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

void Response::add(std::string_view name, std::string_view value) {
    const auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    if (std::any_of(name.begin(), name.end(), breaks) ||
        std::any_of(value.begin(), value.end(), breaks)) {
        return;
    }
    if (headers.empty()) headers.reserve(8);
    headers.push_back({std::string(name), std::string(value)});
}

Response plain_response(int status, std::string_view body) {
    Response out;
    out.status = status;
    out.content_type = kPlainText;
    out.body = body;
    return out;
}

Response refusal_response(const wire::Refusal& refusal) {
    Response out = plain_response(refusal.status(), refusal.text());
    const std::int64_t seconds = refusal.retry_after_seconds();
    if (seconds > 0) out.add("Retry-After", std::to_string(seconds));
    return out;
}

std::string render(const Response& response, const Rendering& rendering) {
    std::string out;
    out.reserve(512 + response.body.size());
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status,
                   phrase(response.status));
    for (const ResponseHeader& header : response.headers) {
        append_header(out, header.name, header.value);
    }
    append_header(out, "Server", kServer);
    append_header(out, "Date", text::format_http_date(rendering.now_seconds));
    if (!rendering.keep_alive) {
        append_header(out, "Connection", "close");
    } else if (rendering.is_http10) {
        append_header(out, "Connection", "Keep-Alive");
    }
    if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
    append_header(out, "Content-Length", std::to_string(response.body.size()));
    out += "\r\n";
    if (rendering.with_body) out += response.body;
    return out;
}

std::string render_continue(std::int64_t now_seconds) {
    return fmt::format("HTTP/1.1 100 Continue\r\nServer: {}\r\nDate: {}\r\n\r\n", kServer,
                       text::format_http_date(now_seconds));
}

}  // namespace snowline::collector
