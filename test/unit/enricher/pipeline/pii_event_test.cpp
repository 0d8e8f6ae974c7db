// The event that tells what the pii enrichment replaced: where it goes, and whose it is.
#include "common/model/collector_payload.h"
#include "common/model/collector_payload_thrift.h"
#include "enricher/outputs/tsv.h"
#include "enricher/pipeline/enrich_record.h"
#include "test/unit/enricher/enrich/enrichment_fixture.h"

namespace snowline::enricher {
namespace {

std::unique_ptr<Enrichment> emitting_pii() {
    json::Arena arena;
    const auto data = json::parse(R"({"emitEvent":true,"parameters":{
        "pii":[{"pojo":{"field":"user_id"}}],
        "strategy":{"pseudonymize":{"hashFunction":"SHA-256","salt":"pepper"}}}})",
                                  arena);
    REQUIRE(data);
    test::Files files;
    auto made = make_pii_pseudonymization(
        {.schema = *model::SchemaKey::parse("iglu:com.acme/test/jsonschema/1-0-0"),
         .parameters = *data->find("parameters"),
         .data = *data,
         .assets = files});
    REQUIRE(made);
    return *std::move(made);
}

std::vector<Row> rows(const Outputs& outputs) {
    model::CollectorPayload payload;
    payload.schema = model::kCollectorPayloadSchema;
    payload.ip_address = "203.0.113.7";
    payload.timestamp_ms = 1'767'323'000'123;
    payload.encoding = "UTF-8";
    payload.collector = "test";
    payload.path = "/i";
    payload.querystring = "e=pv&p=web&uid=customer-1";
    Enrichments enrichments;
    enrichments[EnrichmentKind::kPiiPseudonymization].push_back(emitting_pii());
    CoreSettings settings;
    settings.outputs = outputs;
    test::NoSchemas schemas;
    Worker worker(settings, schemas, std::move(enrichments));
    const RecordOrigin origin{.topic = "raw", .partition = 5, .offset = 43};
    return enrich_record(model::to_thrift(payload), origin, 0, worker);
}

std::string column(const Row& row, Field field) {
    return std::string(read_tsv_row(row.value).value()[index_of(field)]);
}

TEST_CASE("the pii event has its output's key, an id of its own, and names its parent") {
    Output pii = pii_output();
    pii.key = Field::kEventId;
    pii.headers = {Field::kEvent};
    const auto made = rows(Outputs({good_output(), bad_output(), pii}));
    REQUIRE(made.size() == 2);
    REQUIRE(made[1].output == 2);
    // Python: uuid.uuid5(namespace, "raw:5:43:0") and "raw:5:43:0:pii"
    CHECK(column(made[0], Field::kEventId) == "f4d0ea92-4356-51df-b397-2a01949ec434");
    CHECK(column(made[1], Field::kEventId) == "7fde3c21-1367-58be-a8e1-bcc022933cc6");
    CHECK(made[1].key == "7fde3c21-1367-58be-a8e1-bcc022933cc6");
    CHECK(made[1].headers == std::vector<log::Header>{{"event", "pii_transformation"}});
    CHECK(column(made[1], Field::kContexts)
              .find(R"("parentEventId":"f4d0ea92-4356-51df-b397-2a01949ec434")") !=
          std::string::npos);
}

TEST_CASE("without an output for it there is no pii event") {
    const auto made = rows(Outputs({good_output(), bad_output()}));
    REQUIRE(made.size() == 1);
    CHECK(made[0].output == 0);
}

}  // namespace
}  // namespace snowline::enricher
