#include "collector/request/cors.h"

namespace snowline::collector {

void add_cors(const Request& request, Response& response) {
    const auto* origin = request.find("Origin");
    const bool readable = origin != nullptr && origin->reading == headers::Reading::kParsed;
    response.add("Access-Control-Allow-Origin", readable ? origin->value : "*");
    if (readable || origin == nullptr) response.add("Access-Control-Allow-Credentials", "true");
}

Response refusal_response(const wire::Refusal& refusal, const Request& request) {
    Response out = refusal_response(refusal);
    add_cors(request, out);
    return out;
}

Response preflight(const Request& request, const RequestSettings& settings) {
    Response out;
    add_cors(request, out);
    out.add("Access-Control-Allow-Headers", "Content-Type, SP-Anonymous");
    const auto age =
        std::chrono::duration_cast<std::chrono::seconds>(settings.cors.access_control_max_age);
    out.add("Access-Control-Max-Age", std::to_string(age.count()));
    return out;
}

}  // namespace snowline::collector
