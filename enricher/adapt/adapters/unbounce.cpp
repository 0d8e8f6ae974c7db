#include "common/json/build.h"
#include "enricher/adapt/form.h"
#include "enricher/adapt/reshape.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr Webhook kUnbounce{.tracker = "com.unbounce-v1"};
constexpr std::string_view kSchema = "iglu:com.unbounce/form_post/jsonschema/1-0-0";
constexpr Needs kNeeds{.rule = Needs::ContentType::kExactly,
                       .content_type = "application/x-www-form-urlencoded",
                       .empty_body_is_none = true};

constexpr std::string_view kData = "data.json";
constexpr std::string_view kSameAsXml = "data.xml";
constexpr std::string_view kRequired[] = {"page_id", "page_name", "variant", "page_url", kData};

// The visitor's answers are a JSON in one field; the same data as XML is left out.
MaybeEvent event_of(const AdapterInput& input, Parameters form) {
    for (const auto name : kRequired) {
        if (form.value(name)) continue;
        return unexpected(AdapterFailure(InputData{
            std::string(name), std::nullopt, fmt::format("missing '{}' field in body", name)}));
    }
    const std::string_view text = *form.value(kData);
    if (text.empty()) {
        return unexpected(AdapterFailure(InputData{
            std::string(kData), std::nullopt, fmt::format("empty '{}' field in body", kData)}));
    }
    const auto data = parse_json(kData, text, input.arena);
    if (!data) return unexpected(data.error());
    form.erase(kData);
    form.erase(kSameAsXml);
    std::vector<json::Member> members{{kData, *data}};
    for (const Parameter& field : form.in_reference_order()) {
        members.push_back({field.name, json_string(field.value)});
    }
    return webhook_event(input, kUnbounce, schema_in_use(input, kSchema),
                         camel_case(json::object(input.arena, members), input.arena));
}

}  // namespace

Adapted adapt_unbounce(const AdapterInput& input) {
    if (auto refused = refuse(input, kNeeds)) return failed(std::move(*refused));
    const auto form = parse_form(*input.payload.body, input.arena);
    if (!form) return failed(unparsable_form(input, form.error()));
    return single(event_of(input, Parameters(*form)));
}

}  // namespace snowline::enricher
