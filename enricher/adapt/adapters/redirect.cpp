#include "common/json/build.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/text/base64.h"
#include "common/text/utf8.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

namespace snowline::enricher {
namespace {

using Failures = std::vector<AdapterFailure>;

constexpr std::string_view kRedirectSchema =
    "iglu:com.snowplowanalytics.snowplow/uri_redirect/jsonschema/1-0-0";
constexpr std::string_view kContextsSchema =
    "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1";

// `a=1&b=null`, for a message.
std::string show(const Parameters& parameters) {
    std::string out;
    for (const Parameter& parameter : parameters.in_reference_order()) {
        if (!out.empty()) out += '&';
        out += parameter.name;
        out += '=';
        out += parameter.value.value_or("null");
    }
    return out;
}

// The contexts in `text` with the redirect as the first.
Result<std::string, NotJson> with_context(std::string_view text, json::Value redirect,
                                          json::Arena& arena) {
    const auto contexts = json::parse(text, arena);
    if (!contexts) {
        return unexpected(
            NotJson{"co|cx", std::string(text), "invalid json: " + contexts.error().message});
    }
    if (!contexts->is_object()) return json::print(*contexts);
    std::vector<json::Member> members;
    for (json::Member member : contexts->members()) {
        if (member.name == "data" && member.value.is_array()) {
            std::vector<json::Value> items{redirect};
            const auto given = member.value.items();
            items.insert(items.end(), given.begin(), given.end());
            member.value = json::array(arena, items);
        }
        members.push_back(member);
    }
    return json::print(json::object(arena, members));
}

// Adds the line breaks of the reference's encoder, which affect event_fingerprint.
std::string in_lines(std::string_view base64) {
    constexpr std::size_t kLine = 76;
    std::string out(base64.substr(0, kLine));
    for (std::size_t at = kLine; at < base64.size(); at += kLine) {
        out += "\r\n";
        out += base64.substr(at, kLine);
    }
    return out;
}

// Adds the redirect to the event's contexts, in the parameter that already has some.
Result<void, NotJson> add_context(const AdapterInput& input, json::Value redirect,
                                  Parameters& out) {
    json::Arena& arena = input.arena;
    const auto encoded = out.value("cx");
    const auto plain = out.value("co").value_or("");
    if (encoded) {
        const std::string_view text =
            decode(arena.copy(text::decode_base64_lenient(*encoded)), Charset::kUtf8, arena);
        const auto contexts = with_context(text, redirect, arena);
        if (!contexts) return unexpected(contexts.error());
        out.set("cx", arena.copy(in_lines(text::encode_base64url(*contexts))));
    } else if (plain.empty()) {
        const json::Value items = json::array(arena, {redirect});
        out.set("co", arena.copy(json::print(self_describing_json(kContextsSchema, items, arena))));
    } else {
        const auto contexts = with_context(plain, redirect, arena);
        if (!contexts) return unexpected(contexts.error());
        out.set("co", arena.copy(*contexts));
    }
    return {};
}

}  // namespace

Adapted adapt_redirect(const AdapterInput& input) {
    const Parameters& querystring = input.querystring;
    if (querystring.empty()) {
        return unexpected(Failures{
            InputData{"querystring", std::nullopt, "empty querystring: not a valid URI redirect"}});
    }
    const auto uri = querystring.value("u");
    if (!uri) {
        return unexpected(Failures{InputData{"querystring", show(querystring),
                                             "missing `u` parameter: not a valid URI redirect"}});
    }
    json::Arena& arena = input.arena;
    const json::Value data = json::object(arena, {{"uri", json::Value::string(*uri)}});
    Parameters out = querystring;
    out.erase("u");
    out.set("tv", "r-tp2");
    if (out.find("p") == nullptr) out.set("p", "web");
    if (out.find("e") == nullptr) {
        out.set("e", "ue");
        out.set("ue_pr",
                arena.copy(json::print(unstruct_event_json(kRedirectSchema, data, arena))));
    } else {
        const auto added =
            add_context(input, self_describing_json(kRedirectSchema, data, arena), out);
        if (!added) return unexpected(Failures{added.error()});
    }
    return std::vector<RawEvent>{raw_event(input, std::move(out))};
}

}  // namespace snowline::enricher
