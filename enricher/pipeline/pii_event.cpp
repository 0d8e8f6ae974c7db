#include "enricher/pipeline/pii_event.h"

#include <fmt/format.h>

namespace snowline::enricher {

EnrichedEvent pii_event(const EnrichedEvent& parent, std::string_view transformation,
                        std::string_view event_id, json::Arena& arena) {
    EnrichedEvent event;
    event.set(Field::kAppId, parent.get(Field::kAppId));
    event.set(Field::kPlatform, "srv");
    event.set(Field::kEtlTstamp, parent.get(Field::kEtlTstamp));
    event.set(Field::kCollectorTstamp, parent.get(Field::kCollectorTstamp));
    event.set(Field::kEvent, "pii_transformation");
    event.set(Field::kEventId, event_id);
    event.set(Field::kDerivedTstamp, parent.get(Field::kEtlTstamp));
    event.set(Field::kTrueTstamp, parent.get(Field::kEtlTstamp));
    event.set(Field::kEventVendor, "com.snowplowanalytics.snowplow");
    event.set(Field::kEventName, "pii_transformation");
    event.set(Field::kEventFormat, "jsonschema");
    event.set(Field::kEventVersion, "1-0-0");
    event.set(Field::kVEtl, parent.get(Field::kVEtl));
    event.set(Field::kUnstructEvent, transformation);
    event.set(Field::kContexts,
              arena.copy(fmt::format(
                  R"({{"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0",)"
                  R"("data":[{{"schema":)"
                  R"("iglu:com.snowplowanalytics.snowplow/parent_event/jsonschema/1-0-0",)"
                  R"("data":{{"parentEventId":"{}"}}}}]}})",
                  parent[Field::kEventId])));
    return event;
}

}  // namespace snowline::enricher
