#pragma once

#include "common/json/value.h"
#include "enricher/adapt/adapter.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the adapters of webhooks have in common: what a request must have, which schema an event's
/// type means, and how an event becomes parameters of the tracker protocol. The words of failures
/// are the reference's.
namespace snowline::enricher {

/// What a vendor calls a kind of event, and the Iglu URI of its schema.
struct EventType {
    std::string_view name, schema;
};

struct Webhook {
    std::string_view tracker;                   // `com.acme-v1`, becomes v_tracker
    std::string_view default_platform = "srv";  // where the querystring has no `p`
    std::span<const EventType> types = {};
};

/// What a webhook's request must have, apart from a body.
struct Needs {
    enum class ContentType { kAny, kExactly, kContaining, kNone };

    ContentType rule = ContentType::kAny;
    std::string_view content_type = {};
    bool empty_body_is_none = false;
    std::string_view no_body = "empty body: no events to process";
};
inline constexpr Needs kNeedsJson{.rule = Needs::ContentType::kExactly,
                                  .content_type = "application/json"};
inline constexpr Needs kNeedsForm{.rule = Needs::ContentType::kExactly,
                                  .content_type = "application/x-www-form-urlencoded"};

/// Why a request is none of the webhook's; nullopt where it is one, and then it has a body.
std::optional<AdapterFailure> refuse(const AdapterInput& input, const Needs& needs);

Adapted failed(AdapterFailure failure);
InputData bad_body(const AdapterInput& input, std::string expectation);

/// A form that cannot be read, as some adapters of the reference say it: the body in place of a
/// name.
InputData unparsable_form(const AdapterInput& input, std::string_view error);

/// A JSON text of the request; `field` names it in the failure.
Result<json::Value, AdapterFailure> parse_json(std::string_view field, std::string_view text,
                                               json::Arena& arena);
/// A JSON's member; null where it has none of that name, or is no object.
json::Value member_of(json::Value json, std::string_view name);
/// The text of such a member; nullopt where it has none of that name, or it is no string.
std::optional<std::string_view> text_member(json::Value json, std::string_view name);
/// The same where it must be there.
Result<std::string_view, AdapterFailure> required_text(json::Value json, std::string_view name);
/// A parameter's value as a string of JSON; null where it has none.
json::Value json_string(const std::optional<std::string_view>& text);

/// The operator's schema in the place of one of ours, or ours.
std::string_view schema_in_use(const AdapterInput& input, std::string_view ours);

/// The schema of an event of this type; `index` is its place in a list of events.
Result<std::string_view, AdapterFailure> schema_of(const AdapterInput& input,
                                                   std::span<const EventType> types,
                                                   std::optional<std::string_view> type,
                                                   std::optional<std::size_t> index = {});

/// A self-describing JSON `{"schema": uri, "data": data}`.
json::Value self_describing_json(std::string_view schema_uri, json::Value data, json::Arena& arena);

/// The same inside an unstruct_event.
json::Value unstruct_event_json(std::string_view schema_uri, json::Value data, json::Arena& arena);

/// tv, e, p, ue_pr, and of what was `given` nuid, aid, cv, eid, ttm and url.
Parameters webhook_parameters(const Parameters& given, const Webhook& webhook,
                              std::string_view schema_uri, json::Value data, json::Arena& arena);

/// An event with those of the querystring.
RawEvent webhook_event(const AdapterInput& input, const Webhook& webhook,
                       std::string_view schema_uri, json::Value data);

/// A bad row cannot hold more failures than this, and a body of a megabyte could have a hundred
/// times as many: no more are collected.
inline constexpr std::size_t kFailuresMax = 2000;

using MaybeEvent = Result<RawEvent, AdapterFailure>;

/// One event.
Adapted single(MaybeEvent event);
/// The events of a list, or the failures where one has any. A list of none is a failure.
Adapted each(std::size_t count, const std::function<MaybeEvent(std::size_t index)>& event_of);

}  // namespace snowline::enricher
