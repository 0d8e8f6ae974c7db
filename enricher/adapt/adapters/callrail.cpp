#include "common/json/build.h"
#include "common/text/ascii.h"
#include "enricher/adapt/date_time.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

#include <algorithm>

namespace snowline::enricher {
namespace {

constexpr Webhook kCallRail{.tracker = "com.callrail-v1"};
constexpr std::string_view kSchema = "iglu:com.callrail/call_complete/jsonschema/1-0-2";

// Fields of the tracker protocol, which are left out of the data.
constexpr std::string_view kNoData[] = {"nuid", "aid", "cv", "p"};

bool is_integer(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    if (text.starts_with('0') && text.size() > 1) return false;
    return text::is_number(text);
}

// A value that does not convert stays a text, which validation then refuses.
json::Value value_of(const Parameter& parameter, json::Arena& arena) {
    const std::string_view text = parameter.value.value_or("");
    if (text.empty()) return json::Value::null();
    if (parameter.name == "first_call" || parameter.name == "answered") {
        if (text == "true" || text == "false") return json::Value::boolean(text == "true");
    } else if (parameter.name == "duration") {
        if (is_integer(text)) return json::Value::number(text);
    } else if (parameter.name == "datetime") {
        return json::Value::string(plain_to_date_time(text, arena));
    }
    return json::Value::string(text);
}

}  // namespace

Adapted adapt_callrail(const AdapterInput& input) {
    if (input.querystring.empty()) {
        return failed(InputData{"querystring", std::nullopt, "empty querystring"});
    }
    Parameters data = input.querystring;
    for (const auto name : kNoData) data.erase(name);
    std::vector<json::Member> members;
    for (const Parameter& parameter : data.in_reference_order()) {
        members.push_back({parameter.name, value_of(parameter, input.arena)});
    }
    return single(webhook_event(input, kCallRail, schema_in_use(input, kSchema),
                                json::object(input.arena, members)));
}

}  // namespace snowline::enricher
