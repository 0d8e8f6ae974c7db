#include "enricher/adapt/remote.h"

#include "common/json/build.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "enricher/adapt/webhook.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::string_view kMark = "[REMOTE_ADAPTER] ";  // begins all failures, as in the reference

AdapterFailure failure(std::optional<std::string_view> value, std::string_view expectation) {
    return InputData{"body", value ? std::optional<std::string>(*value) : std::nullopt,
                     fmt::format("{}{}", kMark, expectation)};
}

std::string question_of(const AdapterInput& input) {
    json::Arena& arena = input.arena;
    std::vector<json::Member> querystring;
    for (const Parameter& parameter : input.querystring.in_reference_order()) {
        querystring.push_back({parameter.name, json_string(parameter.value)});
    }
    std::vector<json::Value> headers;
    for (const std::string_view header : input.payload.sender.headers) {
        headers.push_back(json::Value::string(header));
    }
    return json::print(
        json::object(arena, {{"contentType", json_string(input.payload.content_type)},
                             {"queryString", json::object(arena, querystring)},
                             {"headers", json::array(arena, headers)},
                             {"body", json_string(input.payload.body)}}));
}

MaybeEvent event_of(const AdapterInput& input, json::Value item, std::string_view answer) {
    const auto refused = [&answer](std::string_view expectation) {
        return unexpected(failure(answer, expectation));
    };
    if (!item.is_object()) return refused("an event is not a json object");
    Parameters parameters;
    for (const json::Member& member : item.members()) {
        if (member.value.is_null()) continue;
        if (!member.value.is_string()) return refused("an event's value is not a string");
        parameters.set(member.name, member.value.text());
    }
    return raw_event(input, std::move(parameters));
}

Adapted events_in(const AdapterInput& input, std::string_view answer) {
    // Copied, as views of the answer must live as long as the record.
    const std::string_view text = input.arena.copy(answer);
    const auto json = json::parse(text, input.arena);
    if (!json) {
        return failed(NotJson{"body", std::string(text),
                              fmt::format("{}invalid json: {}", kMark, json.error().message)});
    }
    const json::Value events = member_of(*json, "events");
    if (events.is_array() && !events.items().empty()) {
        const auto items = events.items();
        return each(input, items.size(),
                    [&](std::size_t i) { return event_of(input, items[i], text); });
    }
    if (const auto error = text_member(*json, "error"); error && !error->empty()) {
        return failed(failure(text, *error));
    }
    return failed(failure(
        text, events.is_array() ? "empty list of events" : "no list of events in the answer"));
}

}  // namespace

Adapted adapt_remotely(const AdapterInput& input, const RemoteAdapter& adapter,
                       RemoteAnswers& answers) {
    if (input.payload.body.value_or("").empty()) {
        return failed(failure(std::nullopt, fmt::format("empty body: not a valid remote adapter "
                                                        "{} payload",
                                                        adapter.url)));
    }
    const RemoteAnswer* answer = answers.answer({adapter.url, question_of(input)});
    if (answer == nullptr) return unexpected(std::vector<AdapterFailure>{});  // not known yet
    if (!*answer) {
        return failed(
            failure(std::nullopt, fmt::format("could not get response from remote adapter {}: {}",
                                              adapter.url, answer->error())));
    }
    return events_in(input, **answer);
}

}  // namespace snowline::enricher
