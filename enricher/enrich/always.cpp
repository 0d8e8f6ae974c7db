#include "enricher/enrich/always.h"

#include "common/text/time.h"
#include "enricher/event/convert.h"
#include "enricher/event/derived_timestamp.h"
#include "enricher/load/querystring.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

struct UriFields {
    Field scheme, host, port, path, query, fragment;
};

constexpr UriFields kPageFields{Field::kPageUrlscheme, Field::kPageUrlhost,
                                Field::kPageUrlport,   Field::kPageUrlpath,
                                Field::kPageUrlquery,  Field::kPageUrlfragment};
constexpr UriFields kReferrerFields{Field::kRefrUrlscheme, Field::kRefrUrlhost,
                                    Field::kRefrUrlport,   Field::kRefrUrlpath,
                                    Field::kRefrUrlquery,  Field::kRefrUrlfragment};

struct EventSchema {
    std::string_view event, vendor, name;
};

// Event types without a JSON of their own; all of version 1-0-0.
constexpr EventSchema kEventSchemas[] = {
    {"page_view", "com.snowplowanalytics.snowplow", "page_view"},
    {"page_ping", "com.snowplowanalytics.snowplow", "page_ping"},
    {"struct", "com.google.analytics", "event"},
    {"transaction", "com.snowplowanalytics.snowplow", "transaction"},
    {"transaction_item", "com.snowplowanalytics.snowplow", "transaction_item"},
};

void fail(Work& work, std::string error) {
    work.failures.push_back({.enrichment = std::nullopt, .message = Simple{std::move(error)}});
}

void fail(Work& work, InputData data) {
    work.failures.push_back({.enrichment = std::nullopt, .message = std::move(data)});
}

void set_parts(Work& work, const Uri& uri, const UriFields& fields) {
    EnrichedEvent& event = work.event;
    event.set(fields.scheme, uri.scheme);
    event.set(fields.host, uri.host);
    event.set(fields.port, to_text(uri.port, work.arena));
    event.set(fields.path, uri.path);
    event.set(fields.query, uri.query);
    event.set(fields.fragment, uri.fragment);
}

// The time of a timestamp column, in our own format: `2026-11-23 05:19:58.187`.
std::int64_t tstamp_ms(std::string_view text) {
    const auto number = [&](std::size_t at, std::size_t size) {
        int value = 0;
        for (const char c : text.substr(at, size)) value = value * 10 + (c - '0');
        return value;
    };
    const text::CivilTime time{.year = number(0, 4),
                               .month = number(5, 2),
                               .day = number(8, 2),
                               .hour = number(11, 2),
                               .minute = number(14, 2),
                               .second = number(17, 2),
                               .millisecond = number(20, 3)};
    return text::from_civil(time).value_or(0);
}

// Splits `iglu:vendor/name/format/version`.
std::array<std::string_view, 4> split_uri(std::string_view uri) {
    std::array<std::string_view, 4> parts;
    uri.remove_prefix(std::string_view("iglu:").size());
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t slash = uri.find('/');
        parts[i] = uri.substr(0, slash);
        uri.remove_prefix(slash + 1);
    }
    parts[3] = uri;
    return parts;
}

}  // namespace

void check_collector_version(Work& work) {
    if (work.event[Field::kVCollector].empty()) {
        fail(work, InputData{"v_collector", std::nullopt, "should be set"});
    }
}

void set_page_uri(Work& work) {
    const auto given = work.event.has(Field::kPageUrl) ? work.event.get(Field::kPageUrl)
                                                       : work.raw.sender.referer_uri;
    if (!given) return;
    auto uri = parse_uri(*given, work.arena);
    if (!uri) return fail(work, std::move(uri.error()));
    work.event.set(Field::kPageUrl, tsv_safe(uri->text, work.arena));
    set_parts(work, *uri, kPageFields);
    work.page_uri = *uri;
}

void set_derived_timestamp(Work& work) {
    EnrichedEvent& event = work.event;
    if (event.has(Field::kTrueTstamp)) {
        event.set(Field::kDerivedTstamp, event[Field::kTrueTstamp]);
        return;
    }
    event.set(Field::kDerivedTstamp, event.get(Field::kCollectorTstamp));
    const bool has_all = event.has(Field::kCollectorTstamp) &&
                         event.has(Field::kDvceCreatedTstamp) && event.has(Field::kDvceSentTstamp);
    // The texts sort like the times.
    if (!has_all || event[Field::kDvceCreatedTstamp] >= event[Field::kDvceSentTstamp]) return;
    const std::int64_t derived = derived_timestamp(tstamp_ms(event[Field::kCollectorTstamp]),
                                                   tstamp_ms(event[Field::kDvceCreatedTstamp]),
                                                   tstamp_ms(event[Field::kDvceSentTstamp]));
    event.set(Field::kDerivedTstamp, work.arena.copy(text::format_tstamp(derived)));
}

void set_referrer_uri(Work& work) {
    const auto referrer = work.event.get(Field::kPageReferrer);
    if (!referrer) return;
    auto uri = parse_uri(*referrer, work.arena);
    if (!uri) return fail(work, std::move(uri.error()));
    set_parts(work, *uri, kReferrerFields);
    work.referrer_uri = *uri;
}

void read_page_parameters(Work& work) {
    if (!work.page_uri || !work.page_uri->query) return;
    work.page_parameters = split_querystring(*work.page_uri->query, work.charset, work.arena);
}

void set_event_schema(Work& work) {
    EnrichedEvent& event = work.event;
    const auto set = [&](std::string_view vendor, std::string_view name, std::string_view format,
                         std::string_view version) {
        event.set(Field::kEventVendor, vendor);
        event.set(Field::kEventName, name);
        event.set(Field::kEventFormat, format);
        event.set(Field::kEventVersion, version);
    };
    const std::string_view type = event[Field::kEvent];
    if (type == "unstruct") {
        if (!event.unstruct_event) return;
        // The URI is in the cache already; reading the key would cost a cache miss with many
        // schemas.
        const auto [vendor, name, format, version] = split_uri(event.unstruct_event->schema->uri);
        return set(vendor, name, format, version);
    }
    for (const EventSchema& known : kEventSchemas) {
        if (known.event == type) return set(known.vendor, known.name, "jsonschema", "1-0-0");
    }
    const auto given = event.get(Field::kEvent);
    fail(work,
         InputData{"event", given ? std::optional<std::string>(*given) : std::nullopt,
                   fmt::format("trying to extract the schema of the enriched event but event type "
                               "[{}] doesn't match\n          any of page_view, page_ping, struct, "
                               "transaction, transaction_item and unstruct\n          ",
                               given.value_or("null"))});
}

}  // namespace snowline::enricher
