#include "collector/request/cookie_bounce.h"

#include "collector/request/effective_uri.h"
#include "collector/wire/ascii.h"

#include <unordered_map>

namespace snowline::collector {
namespace {

std::string bounce_scheme(const Request& request, const RequestSettings::CookieBounce& settings) {
    if (settings.forwarded_protocol_header) {
        if (const auto* header = request.find(*settings.forwarded_protocol_header)) {
            std::string forwarded = wire::to_lower(header->value);
            if (forwarded == "http" || forwarded == "https") return forwarded;
        }
    }
    return std::string(effective_scheme(request));
}

}  // namespace

std::string bounce_location(const Request& request, const Query& query,
                            const RequestSettings& settings) {
    std::vector<QueryParameter> parameters;
    std::unordered_map<std::string, std::size_t> places;
    const auto put = [&](const QueryParameter& parameter) {
        const auto [place, is_new] = places.emplace(parameter.name, parameters.size());
        if (is_new) {
            parameters.push_back(parameter);
        } else {
            parameters[place->second].value = parameter.value;
        }
    };
    for (const QueryParameter& parameter : query.parameters()) put(parameter);
    put({settings.cookie_bounce.name, "true"});

    std::string out =
        effective_uri(request, bounce_scheme(request, settings.cookie_bounce), request.head.host);
    char separator = '?';
    for (const QueryParameter& parameter : parameters) {
        out += separator;
        append_parameter(parameter, out);
        separator = '&';
    }
    return out;
}

}  // namespace snowline::collector
