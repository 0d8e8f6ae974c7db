#include "common/json/build.h"
#include "common/text/ascii.h"
#include "enricher/adapt/date_time.h"
#include "enricher/adapt/number.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"
#include "enricher/event/convert.h"
#include "enricher/load/querystring.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr Webhook kCloudFront{.tracker = "com.amazon.aws.cloudfront/wd_access_log"};
constexpr Needs kNeeds{.no_body = "empty body"};

enum class Kind { kText, kInteger, kDouble, kEncodedTwice, kPercentsEncoded };

struct Column {
    std::string_view name;
    Kind kind = Kind::kText;
};

// The fields of a line in order; its first two, date and time, are one field here.
constexpr Column kColumns[] = {
    {"dateTime"},
    {"xEdgeLocation"},
    {"scBytes", Kind::kInteger},
    {"cIp"},
    {"csMethod"},
    {"csHost"},
    {"csUriStem"},
    {"scStatus"},
    {"csReferer", Kind::kEncodedTwice},
    {"csUserAgent", Kind::kEncodedTwice},
    {"csUriQuery", Kind::kPercentsEncoded},
    {"csCookie"},
    {"xEdgeResultType"},
    {"xEdgeRequestId"},
    {"xHostHeader"},
    {"csProtocol"},
    {"csBytes", Kind::kInteger},
    {"timeTaken", Kind::kDouble},
    {"xForwardedFor"},
    {"sslProtocol"},
    {"sslCipher"},
    {"xEdgeResponseResultType"},
    {"csProtocolVersion"},
    {"fleStatus"},
    {"fleEncryptedFields"},
};
constexpr std::size_t kClientIp = 3, kReferer = 8, kUserAgent = 9;  // of kColumns

// Amazon added fields over the years.
struct Format {
    std::size_t fields;  // of a line
    std::string_view schema;
};
constexpr Format kFormats[] = {
    {12, "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-0"},
    {15, "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-1"},
    {18, "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-2"},
    {19, "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-3"},
    {23, "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-4"},
    {24, "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-5"},
    {26, "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-6"},
};

const Format* format_of(std::size_t fields) {
    for (const Format& format : kFormats) {
        if (format.fields == fields) return &format;
    }
    return nullptr;
}

std::vector<std::string_view> split(std::string_view line) {
    std::vector<std::string_view> out;
    for (std::size_t tab = line.find('\t'); tab != std::string_view::npos; tab = line.find('\t')) {
        out.push_back(line.substr(0, tab));
        line.remove_prefix(tab + 1);
    }
    out.push_back(line);
    return out;
}

bool is_escape(std::string_view text) {
    return text.size() >= 3 && text[0] == '%' && text::is_hex(text[1]) && text::is_hex(text[2]);
}

// Undoes CloudFront's encoding of percent signs: `%2520` → `%20`.
std::string_view single_percents(std::string_view text, json::Arena& arena) {
    constexpr std::string_view kPercent = "%25";
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        out += text[at];
        const std::string_view rest = text.substr(at);
        const bool is_twice = rest.size() >= 5 && rest.starts_with(kPercent) &&
                              text::is_hex(rest[3]) && text::is_hex(rest[4]);
        if (!is_twice) continue;
        out += rest.substr(3, 2);
        at += 4;
    }
    return out.size() == text.size() ? text : arena.copy(out);
}

// The decoded text without line breaks, with tabs as four spaces. nullopt where a `%` begins no
// escape.
std::optional<std::string_view> decoded(std::string_view text, json::Arena& arena) {
    const std::string_view encoded = single_percents(text, arena);
    for (std::size_t at = encoded.find('%'); at != std::string_view::npos;
         at = encoded.find('%', at + 1)) {
        if (!is_escape(encoded.substr(at))) return std::nullopt;
    }
    std::string out;
    for (const char c : decode_form(encoded, Charset::kUtf8, arena)) {
        if (c == '\t')
            out += "    ";
        else if (c != '\r' && c != '\n')
            out += c;
    }
    return arena.copy(out);
}

Result<json::Value, AdapterFailure> value_of(const Column& column, std::string_view text,
                                             json::Arena& arena) {
    const auto refused = [&](std::string_view expectation) {
        return unexpected(AdapterFailure(
            InputData{std::string(column.name), std::string(text), std::string(expectation)}));
    };
    if (text.empty()) return json::Value::null();
    switch (column.kind) {
        case Kind::kText:
            return json::Value::string(text);
        case Kind::kInteger:
            if (const auto number = parse_java_int(text)) {
                return json::Value::number(to_text(*number, arena));
            }
            return refused("cannot be converted to Int");
        case Kind::kDouble:
            if (const auto number = parse_double(text)) return double_json(*number, arena);
            return refused("cannot be converted to Double");
        case Kind::kEncodedTwice:
            if (const auto plain = decoded(text, arena)) return json::Value::string(*plain);
            return refused("cannot be URL-decoded");
        case Kind::kPercentsEncoded:
            return json::Value::string(single_percents(text, arena));
    }
    return refused("");
}

std::optional<std::string_view> non_empty(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

// The client of CloudFront, not the sender of the log.
Sender sender_of(std::span<const std::string_view> texts, std::int64_t time, json::Arena& arena) {
    return {.timestamp_ms = time,
            .ip_address = non_empty(texts[kClientIp]),
            .user_agent = non_empty(single_percents(texts[kUserAgent], arena)),
            .referer_uri = std::nullopt,
            .headers = {},
            .network_user_id = std::nullopt};
}

}  // namespace

Adapted adapt_cloudfront(const AdapterInput& input) {
    if (auto refused = refuse(input, kNeeds)) return failed(std::move(*refused));
    json::Arena& arena = input.arena;
    const std::vector<std::string_view> fields = split(*input.payload.body);
    const Format* format = format_of(fields.size());
    if (format == nullptr) {
        return failed(bad_body(
            input, fmt::format("access log contained {} fields, expected 12, 15, 18, 19, 23, 24 "
                               "or 26",
                               fields.size())));
    }
    std::vector<std::string_view> texts(fields.begin() + 1, fields.end());
    texts.front() = arena.copy(fmt::format("{}T{}Z", fields[0], fields[1]));

    std::vector<AdapterFailure> failures;
    std::vector<json::Member> members;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        auto value = value_of(kColumns[i], texts[i], arena);
        if (value)
            members.push_back({kColumns[i].name, *value});
        else
            failures.insert(failures.begin(), std::move(value.error()));  // the last one first
    }
    const auto time = parse_iso_time(fmt::format("{}T{}+00:00", fields[0], fields[1]));
    if (!time) {
        failures.insert(failures.begin(),
                        InputData{"dateTime", fmt::format("{} {}", fields[0], fields[1]),
                                  "could not convert access log timestamp: " + time.error()});
    }
    if (!failures.empty()) return unexpected(std::move(failures));

    Parameters given;
    if (!texts[kReferer].empty()) given.set("url", texts[kReferer]);
    RawEvent event = raw_event(
        input, webhook_parameters(given, kCloudFront, schema_in_use(input, format->schema),
                                  json::object(arena, members), arena));
    event.sender = sender_of(texts, *time, arena);
    return single(std::move(event));
}

}  // namespace snowline::enricher
