#include "enricher/adapt/reshape.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

namespace snowline::enricher {
namespace {

constexpr EventType kTypes[] = {
    {"assign", "iglu:com.pingdom/incident_assign/jsonschema/1-0-0"},
    {"notify_user", "iglu:com.pingdom/incident_notify_user/jsonschema/1-0-0"},
    {"notify_of_close", "iglu:com.pingdom/incident_notify_of_close/jsonschema/1-0-0"},
};
constexpr Webhook kPingdom{.tracker = "com.pingdom-v1", .types = kTypes};

// Pingdom used to send Python tuples, `(u'text',)`, instead of texts.
std::optional<std::string_view> inside_tuple(std::string_view text) {
    constexpr std::string_view kBefore = "(u'";
    constexpr std::string_view kAfter = "',)";
    if (text.size() <= kBefore.size() + kAfter.size() || !text.starts_with(kBefore) ||
        !text.ends_with(kAfter)) {
        return std::nullopt;
    }
    text.remove_prefix(kBefore.size());
    text.remove_suffix(kAfter.size());
    if (text.find_first_of("\r\n") != std::string_view::npos) return std::nullopt;
    return text;
}

std::vector<AdapterFailure> tuples(const Parameters& parameters) {
    std::vector<AdapterFailure> out;
    for (const Parameter& parameter : parameters.in_reference_order()) {
        if (!parameter.value) continue;
        if (const auto inside = inside_tuple(*parameter.value)) {
            out.push_back(InputData{std::string(parameter.name), std::string(*inside),
                                    R"(should not pass regex \(u'(.+)',\))"});
        }
    }
    return out;
}

std::string as_text(const Parameters& parameters) {
    std::string out;
    for (const Parameter& parameter : parameters.in_reference_order()) {
        if (!out.empty()) out += '&';
        out.append(parameter.name).append("=").append(parameter.value.value_or("null"));
    }
    return out;
}

MaybeEvent event_of(const AdapterInput& input, std::string_view message) {
    const auto json = parse_json("message", message, input.arena);
    if (!json) return unexpected(json.error());
    const auto schema = schema_of(input, kPingdom.types, text_member(*json, "action"));
    if (!schema) return unexpected(schema.error());
    return webhook_event(input, kPingdom, *schema, without(*json, "action", input.arena));
}

}  // namespace

Adapted adapt_pingdom(const AdapterInput& input) {
    if (input.querystring.empty()) {
        return failed(
            InputData{"querystring", std::nullopt, "empty querystring: no events to process"});
    }
    if (auto found = tuples(input.querystring); !found.empty()) {
        return unexpected(std::move(found));
    }
    const auto message = input.querystring.value("message");
    if (!message) {
        return failed(InputData{"querystring", as_text(input.querystring),
                                "no `message` parameter provided"});
    }
    return single(event_of(input, *message));
}

}  // namespace snowline::enricher
