#include "collector/payload/payload_of.h"

#include "collector/wire/ascii.h"
#include "collector/wire/media_type.h"
#include "common/text/utf8.h"

#include <algorithm>
#include <array>

namespace snowline::collector {
namespace {

constexpr const char* kBinary = "application/octet-stream";

/// Headers that describe the body, and are not stored in the event.
constexpr std::array<std::string_view, 3> kOfTheBody{
    "content-length",
    "content-type",
    "transfer-encoding",
};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view known) {
        return wire::equal_ignoring_case(known, name);
    });
}

/// The body's type; only for POST.
std::optional<wire::MediaType> body_type(const Request& request) {
    if (request.head.method != wire::Method::kPost) return std::nullopt;
    const auto* header = request.find("Content-Type");
    if (header == nullptr) {
        return wire::MediaType{request.body.empty() ? "none/none" : kBinary, {}};
    }
    return wire::parse_media_type(header->value).value_or(wire::MediaType{kBinary, {}});
}

std::vector<std::string> header_list(const Request& request, const privacy::HeaderRules& rules,
                                     const std::optional<wire::MediaType>& type) {
    std::vector<std::string> out;
    out.reserve(request.headers.size() + 1);
    for (const headers::StoredHeader& header : request.headers) {
        if (!rules.keeps(header.name)) continue;
        if (is_one_of(kOfTheBody, header.name)) {
            const bool unreadable = wire::equal_ignoring_case(header.name, "content-type") &&
                                    !wire::parse_media_type(header.value);
            if (unreadable) out.push_back("content-type: " + header.value);
            continue;
        }
        const auto value = rules.value_of(header);
        if (!value) continue;
        std::string& line = out.emplace_back();
        line.reserve(header.name.size() + 2 + value->size());
        line.append(header.name).append(": ").append(*value);
    }
    if (type) out.push_back(type->text);
    return out;
}

std::optional<std::string> kept_value(const Request& request, const privacy::HeaderRules& rules,
                                      std::string_view name) {
    const auto* header = request.find(name);
    if (header == nullptr || !rules.keeps(name)) return std::nullopt;
    return header->value;
}

}  // namespace

std::optional<model::CollectorPayload> payload_of(const Request& request, const EventFacts& facts,
                                                  const privacy::HeaderRules& rules) {
    const auto type = body_type(request);
    model::CollectorPayload out;
    if (type) {
        out.body = wire::decode_body(request.body, type->charset);
        if (!out.body) return std::nullopt;
        out.content_type = type->text;
    }
    out.schema = model::kCollectorPayloadSchema;
    out.ip_address = facts.client_ip;
    out.timestamp_ms = facts.timestamp_ms;
    out.encoding = "UTF-8";
    out.collector = facts.collector;
    out.user_agent = kept_value(request, rules, "User-Agent");
    out.referer_uri = kept_value(request, rules, "Referer");
    out.path = facts.path;
    out.querystring = request.head.target.query;
    out.headers = header_list(request, rules, type);
    out.hostname = text::to_valid_utf8(request.head.host.host);
    out.network_user_id = facts.network_user_id;
    return out;
}

}  // namespace snowline::collector
