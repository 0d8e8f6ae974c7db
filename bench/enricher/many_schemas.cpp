#include "bench/enricher/many_schemas.h"

#include "bench/iglu/numbered_registry.h"
#include "common/check.h"
#include "common/model/collector_payload_thrift.h"
#include "common/text/base64.h"
#include "enricher/pipeline/enrich_record.h"
#include "iglu/resolve/iglu_client.h"
#include "iglu/resolve/resolver_config.h"

#include <fmt/format.h>
#include <time.h>

using namespace snowline;

namespace {

constexpr std::int64_t kNowMs = 1'767'323'045'678;  // 2026-01-02T03:04:05.678Z
constexpr std::size_t kStep = 7'919;                // a prime: all schemas have their turn

std::vector<std::unique_ptr<iglu::Registry>> registries(
    const iglu::ResolverConfig& settings, const std::vector<EventsOfManySchemas::Kind>& kinds) {
    std::vector<std::string> texts;
    for (const auto& kind : kinds) texts.push_back(kind.schema);
    auto made = iglu::open_registries(settings).value();
    made.push_back(std::make_unique<bench::NumberedRegistry>(std::move(texts)));
    return made;
}

iglu::ResolverConfig resolver_settings() {
    iglu::ResolverConfig settings;
    settings.cache_size = 100'000;
    return settings;
}

double cpu_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

}  // namespace

struct EventsOfManySchemas::Parts {
    Parts(const std::vector<Kind>& of, std::size_t schemas, std::size_t events)
        : kinds(of), client(resolver, registries(resolver, of)) {
        std::size_t number = 0;
        for (std::size_t event = 0; event < events; ++event) {
            std::string entities[4];
            for (std::string& entity : entities) {
                number = (number + kStep) % schemas;
                entity = fmt::format(R"({{"schema":"{}","data":{}}})", uri.at(number),
                                     kinds[number % kinds.size()].instance);
            }
            records.push_back(record(entities));
        }
    }

    static std::string record(const std::string (&entities)[4]) {
        constexpr std::string_view kVendor = "iglu:com.snowplowanalytics.snowplow/";
        const std::string event = fmt::format(
            R"({{"schema":"{}unstruct_event/jsonschema/1-0-0","data":{}}})", kVendor, entities[0]);
        const std::string contexts =
            fmt::format(R"({{"schema":"{}contexts/jsonschema/1-0-0","data":[{},{},{}]}})", kVendor,
                        entities[1], entities[2], entities[3]);
        model::CollectorPayload payload;
        payload.schema = model::kCollectorPayloadSchema;
        payload.ip_address = "203.0.113.7";
        payload.timestamp_ms = kNowMs;
        payload.encoding = "UTF-8";
        payload.collector = "bench";
        payload.path = "/com.snowplowanalytics.snowplow/tp2";
        payload.content_type = "application/json";
        payload.body = fmt::format(
            R"({{"schema":"{}payload_data/jsonschema/1-0-4","data":[{{"e":"ue","p":"web","tv":"js-4.6.0","aid":"shop","eid":"7f3a1f0e-0a0f-4d3c-9b52-0d2c9f2f6b11","ue_px":"{}","cx":"{}"}}]}})",
            kVendor, text::encode_base64url(event), text::encode_base64url(contexts));
        return model::to_thrift(payload);
    }

    std::vector<Kind> kinds;
    bench::NumberedUri uri;
    iglu::ResolverConfig resolver = resolver_settings();
    iglu::IgluClient client;
    iglu::WaitingSchemaSource source{client.cache()};
    enricher::CoreSettings settings;
    enricher::Worker worker{settings, source, {}};
    std::vector<std::string> records;
};

EventsOfManySchemas::EventsOfManySchemas(const std::vector<Kind>& kinds, std::size_t schemas,
                                         std::size_t events)
    : parts_(std::make_unique<Parts>(kinds, schemas, events)) {
    SNOWLINE_CHECK(schemas % kinds.size() == 0);
}

EventsOfManySchemas::~EventsOfManySchemas() = default;

double EventsOfManySchemas::run() {
    const double begin = cpu_ns();
    for (const std::string& record : parts_->records) {
        const auto rows = enricher::enrich_record(record, {}, kNowMs, parts_->worker);
        SNOWLINE_CHECK(rows.size() == 1);
        const auto& output = parts_->settings.outputs[rows.front().output];
        SNOWLINE_CHECK(output.stream == enricher::Stream::kGood);
    }
    return (cpu_ns() - begin) / static_cast<double>(parts_->records.size());
}
