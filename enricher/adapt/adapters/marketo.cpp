#include "common/json/rewrite.h"
#include "enricher/adapt/date_time.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

#include <algorithm>

namespace snowline::enricher {
namespace {

constexpr Webhook kMarketo{.tracker = "com.marketo-v1"};
constexpr std::string_view kSchema = "iglu:com.marketo/event/jsonschema/2-0-0";

constexpr std::string_view kTimes[] = {
    "acquisition_date",
    "created_at",
    "datetime",
    "email_suspended_at",
    "last_referred_visit",
    "last_interesting_moment_date",
    "updated_at",
    "last_referred_enrollment",
};

bool is_time(const json::Member& member) {
    return std::find(std::begin(kTimes), std::end(kTimes), member.name) != std::end(kTimes);
}

json::Value with_date_times(json::Value body, json::Arena& arena) {
    const auto convert = [&arena](std::vector<json::Member> members) {
        for (json::Member& member : members) {
            if (!is_time(member) || !member.value.is_string()) continue;
            member.value = json::Value::string(plain_to_date_time(member.value.text(), arena));
        }
        return json::in_scala_map_order(std::move(members));
    };
    const auto is_no_time = [](const json::Member& member) { return !is_time(member); };
    return json::rewrite(body, {.object = convert, .enter = is_no_time, .arrays = false}, arena);
}

}  // namespace

Adapted adapt_marketo(const AdapterInput& input) {
    if (auto refused = refuse(input, {})) return failed(std::move(*refused));
    const auto body = parse_json("body", *input.payload.body, input.arena);
    if (!body) return failed(body.error());
    if (!body->is_object()) return failed(bad_body(input, "not a json object"));
    return single(webhook_event(input, kMarketo, schema_in_use(input, kSchema),
                                with_date_times(*body, input.arena)));
}

}  // namespace snowline::enricher
