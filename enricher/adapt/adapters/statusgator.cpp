#include "common/json/build.h"
#include "enricher/adapt/form.h"
#include "enricher/adapt/reshape.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

namespace snowline::enricher {
namespace {

constexpr Webhook kStatusGator{.tracker = "com.statusgator-v1"};
constexpr std::string_view kSchema = "iglu:com.statusgator/status_change/jsonschema/1-0-0";
constexpr Needs kNeeds{.rule = Needs::ContentType::kExactly,
                       .content_type = "application/x-www-form-urlencoded",
                       .empty_body_is_none = true};

}  // namespace

Adapted adapt_statusgator(const AdapterInput& input) {
    if (auto refused = refuse(input, kNeeds)) return failed(std::move(*refused));
    const auto form = parse_form(*input.payload.body, input.arena);
    if (!form) return failed(bad_body(input, "could not parse body: " + form.error()));
    std::vector<json::Member> members;
    for (const Parameter& field : Parameters(*form).in_reference_order()) {
        members.push_back({field.name, json_string(field.value)});
    }
    return single(webhook_event(input, kStatusGator, schema_in_use(input, kSchema),
                                camel_case(json::object(input.arena, members), input.arena)));
}

}  // namespace snowline::enricher
