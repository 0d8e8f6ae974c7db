#include "common/model/collector_payload_json.h"

#include "common/json/print.h"
#include "common/model/collector_payload_thrift.h"
#include "common/text/base64.h"

#include <fmt/format.h>

namespace snowline::model {

std::string to_json(std::string_view thrift) {
    const auto payload = from_thrift(thrift);
    std::string out = "{";
    const auto name = [&](std::string_view member) {
        if (out.size() > 1) out += ',';
        json::print_string(member, out);
        out += ':';
    };
    const auto text = [&](std::string_view member, const std::optional<std::string>& value) {
        if (!value) return;
        name(member);
        json::print_string(*value, out);
    };
    if (!payload) {
        text("error", payload.error());
        text("base64", text::encode_base64(thrift));
        return out + '}';
    }
    text("schema", payload->schema);
    text("ipAddress", payload->ip_address);
    if (payload->timestamp_ms) {
        name("timestamp");
        out += fmt::to_string(*payload->timestamp_ms);
    }
    text("encoding", payload->encoding);
    text("collector", payload->collector);
    text("userAgent", payload->user_agent);
    text("refererUri", payload->referer_uri);
    text("path", payload->path);
    text("querystring", payload->querystring);
    text("body", payload->body);
    if (payload->headers) {
        name("headers");
        out += '[';
        for (std::size_t i = 0; i < payload->headers->size(); ++i) {
            if (i > 0) out += ',';
            json::print_string((*payload->headers)[i], out);
        }
        out += ']';
    }
    text("contentType", payload->content_type);
    text("hostname", payload->hostname);
    text("networkUserId", payload->network_user_id);
    return out + '}';
}

}  // namespace snowline::model
