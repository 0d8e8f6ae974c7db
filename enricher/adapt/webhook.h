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

/// Shared by the adapters of webhooks: requirements on the request, the schema of an event's type,
/// and the event's parameters of the tracker protocol. Texts of failures are the reference's.
namespace snowline::enricher {

/// A vendor's name of an event type, and the Iglu URI of its schema.
struct EventType {
    std::string_view name, schema;
};

struct Webhook {
    std::string_view tracker;                   // `com.acme-v1`, becomes v_tracker
    std::string_view default_platform = "srv";  // where the querystring has no `p`
    std::span<const EventType> types = {};
};

/// Requirements on a webhook's request, besides having a body.
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

/// The first unmet requirement; nullopt: all are met, and there is a body.
std::optional<AdapterFailure> refuse(const AdapterInput& input, const Needs& needs);

Adapted failed(AdapterFailure failure);
InputData bad_body(const AdapterInput& input, std::string expectation);

/// The failure for an unreadable form of those adapters for which the reference names the body
/// instead of a field.
InputData unparsable_form(const AdapterInput& input, std::string_view error);

/// Parses a JSON text of the request; failures name it `field`.
Result<json::Value, AdapterFailure> parse_json(std::string_view field, std::string_view text,
                                               json::Arena& arena);
/// A member of an object; null where it is absent, or `json` is no object.
json::Value member_of(json::Value json, std::string_view name);
/// The text of such a member; nullopt where it is absent or no string.
std::optional<std::string_view> text_member(json::Value json, std::string_view name);
/// The same for a required member: a failure where it is absent.
Result<std::string_view, AdapterFailure> required_text(json::Value json, std::string_view name);
/// A parameter's value as a JSON string; null where it has none.
json::Value json_string(const std::optional<std::string_view>& text);

/// The schema that the configuration puts in place of `ours`; without one `ours`.
std::string_view schema_in_use(const AdapterInput& input, std::string_view ours);

/// The schema for an event of this type; `index` is the event's index in a list, for the failure.
Result<std::string_view, AdapterFailure> schema_of(const AdapterInput& input,
                                                   std::span<const EventType> types,
                                                   std::optional<std::string_view> type,
                                                   std::optional<std::size_t> index = {});

/// A self-describing JSON `{"schema": uri, "data": data}`.
json::Value self_describing_json(std::string_view schema_uri, json::Value data, json::Arena& arena);

/// The same inside an unstruct_event.
json::Value unstruct_event_json(std::string_view schema_uri, json::Value data, json::Arena& arena);

/// The parameters tv, e, p and ue_pr, and from `given` nuid, aid, cv, eid, ttm and url.
Parameters webhook_parameters(const Parameters& given, const Webhook& webhook,
                              std::string_view schema_uri, json::Value data, json::Arena& arena);

/// An event with `webhook_parameters` of the querystring.
RawEvent webhook_event(const AdapterInput& input, const Webhook& webhook,
                       std::string_view schema_uri, json::Value data);

/// At most this many failures are collected: the largest bad row holds no more, and a body of a
/// megabyte could cause a hundred times as many.
inline constexpr std::size_t kFailuresMax = 2000;

using MaybeEvent = Result<RawEvent, AdapterFailure>;

/// One event.
Adapted single(MaybeEvent event);
/// The events of a list, or the failures where any item has one. An empty list is a failure.
Adapted each(const AdapterInput& input, std::size_t count,
             const std::function<MaybeEvent(std::size_t index)>& event_of);

}  // namespace snowline::enricher
