#include "common/model/collector_payload.h"
#include "common/model/collector_payload_thrift.h"
#include "enricher/pipeline/enrich_record.h"
#include "test/unit/enricher/enrich/enrichment_fixture.h"

namespace snowline::enricher {
namespace {

/// The one bad row of a page view whose transaction number is none.
std::string bad_row(bool hide_pii) {
    model::CollectorPayload payload;
    payload.schema = model::kCollectorPayloadSchema;
    payload.ip_address = "203.0.113.7";
    payload.timestamp_ms = 1'767'323'000'123;
    payload.encoding = "UTF-8";
    payload.collector = "test";
    payload.path = "/i";
    payload.querystring = "e=pv&uid=customer-1&tid=none";
    Enrichments enrichments;
    enrichments[EnrichmentKind::kPiiPseudonymization].push_back(
        test::made(make_pii_pseudonymization, R"({
            "pii":[{"pojo":{"field":"user_id"}},{"pojo":{"field":"user_ipaddress"}}],
            "strategy":{"pseudonymize":{"hashFunction":"SHA-256","salt":"pepper"}}})"));
    CoreSettings settings;
    settings.hide_pii = hide_pii;
    test::NoSchemas schemas;
    Worker worker(settings, schemas, std::move(enrichments));
    const auto rows = enrich_record(model::to_thrift(payload), {}, 0, worker);
    REQUIRE(rows.size() == 1);
    REQUIRE(settings.outputs[rows[0].output].stream == Stream::kBad);
    return rows[0].value;
}

TEST_CASE("a bad row shows personal values, unless they are to be hidden") {
    const std::string shown = bad_row(false);
    CHECK(shown.find("customer-1") != std::string::npos);
    CHECK(shown.find("203.0.113.7") != std::string::npos);
    const std::string hidden = bad_row(true);
    CHECK(hidden.find("customer-1") == std::string::npos);
    CHECK(hidden.find("203.0.113.7") == std::string::npos);
    CHECK(hidden.find("cannot be converted to java.lang.Integer") != std::string::npos);
}

}  // namespace
}  // namespace snowline::enricher
