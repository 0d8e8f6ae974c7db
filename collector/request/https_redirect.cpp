#include "collector/request/https_redirect.h"

#include "collector/request/effective_uri.h"

namespace snowline::collector {
namespace {

constexpr std::uint16_t kHttpsPort = 443;

Response moved_to(const Request& request, std::uint16_t port) {
    wire::Authority authority = request.head.host;
    authority.port = port == kHttpsPort ? 0 : port;
    std::string uri = effective_uri(request, "https", authority);
    if (const auto& query = request.head.target.query) uri += "?" + wire::to_encoded_query(*query);

    Response out;
    out.status = 301;
    out.add("Location", uri);
    out.content_type = "text/html; charset=UTF-8";
    out.body =
        "This and all future requests should be directed to <a href=\"" + uri + "\">this URI</a>.";
    return out;
}

}  // namespace

std::optional<Response> https_redirect(const Request& request, const RequestSettings& settings) {
    if (!settings.ssl.redirect) return std::nullopt;
    const auto* forwarded = request.find_readable("X-Forwarded-Proto");
    if (forwarded != nullptr && forwarded->value == "http") return moved_to(request, kHttpsPort);
    if (settings.ssl.enable && !request.secure) return moved_to(request, settings.ssl.port);
    return std::nullopt;
}

}  // namespace snowline::collector
