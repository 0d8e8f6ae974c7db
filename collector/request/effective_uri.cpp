#include "collector/request/effective_uri.h"

namespace snowline::collector {

std::string effective_uri(const Request& request, std::string_view scheme,
                          const wire::Authority& authority) {
    return std::string(scheme) + "://" + wire::to_text(authority) +
           wire::to_encoded(request.head.target.path);
}

std::string_view effective_scheme(const Request& request) {
    if (!request.head.target.scheme.empty()) return request.head.target.scheme;
    return request.secure ? "https" : "http";
}

}  // namespace snowline::collector
