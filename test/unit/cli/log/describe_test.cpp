#include "cli/log/describe.h"

#include "enricher/event/field.h"

#include <catch2/catch.hpp>

using namespace snowline::cli;

namespace {

std::string bad(std::string_view name, std::string_view failure) {
    return std::string(R"({"schema":"iglu:com.snowplowanalytics.snowplow.badrows/)") +
           std::string(name) + R"(/jsonschema/1-0-0","data":{"failure":)" + std::string(failure) +
           R"(,"payload":{}}})";
}

}  // namespace

TEST_CASE("a bad row is told in words, whatever kind its failures are") {
    struct Case {
        const char *name, *failure, *words;
    };
    const Case cases[] = {
        {"schema_violations",
         R"({"messages":[{"schemaKey":"iglu:com.acme/cart/jsonschema/1-0-2","error":{"error":"ValidationError",)"
         R"("dataReports":[{"message":"$.n: string found, integer expected"},{"message":"$.b: is missing"}]}}]})",
         "bad   schema_violations\n        com.acme/cart/1-0-2  $.n: string found, integer expected"
         "\n        com.acme/cart/1-0-2  $.b: is missing"},
        {"schema_violations",
         R"({"messages":[{"schemaKey":"iglu:com.acme/x/jsonschema/1-0-0","error":{"error":"ResolutionError",)"
         R"("lookupHistory":[{"repository":"A"},{"repository":"B"}]}}]})",
         "bad   schema_violations\n        com.acme/x/1-0-0  no registry gave this schema (asked: "
         "A, B)"},
        {"enrichment_failures",
         R"({"messages":[{"enrichment":null,"message":{"field":"p","value":"x","expectation":"not known"}}]})",
         "bad   enrichment_failures\n        p = x: not known"},
        {"tracker_protocol_violations",
         R"({"messages":[{"field":"body","value":null,"expectation":"empty body"}]})",
         "bad   tracker_protocol_violations\n        body = nothing: empty body"},
        {"adapter_failures",
         R"({"messages":[{"actual":"t","expectedMapping":{},"expectation":"no schema"}]})",
         "bad   adapter_failures\n        t: no schema"},
        {"collector_payload_format_violation",
         R"({"message":{"payloadField":"path","value":"/x","expectation":"no path"}})",
         "bad   collector_payload_format_violation\n        path = /x: no path"},
        {"size_violation", R"({"expectation":"too large"})",
         "bad   size_violation\n        too large"},
        {"generic_error", R"({"errors":["why\nso"]})", "bad   generic_error\n        why so"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.failure);
        CHECK(describe_bad(bad(each.name, each.failure)) == each.words);
    }
    CHECK(describe_bad("nonsense") == "bad   8 bytes, which is no bad row");
}

TEST_CASE("a good row shows what happened and to whom") {
    std::string tsv;
    for (std::size_t i = 0; i < snowline::enricher::kFieldCount; ++i) {
        if (i > 0) tsv += '\t';
        if (i == 0) tsv += "shop";
        if (i == 5) tsv += "page_view";
        if (i == 29) tsv += "https://a.example/";
        if (i == 52) {
            tsv +=
                R"({"schema":"x","data":[{"schema":"iglu:a.b/web_page/jsonschema/1-0-0","data":{}}]})";
        }
    }
    CHECK(describe_good(tsv) ==
          "good  page_view    app=shop url=https://a.example/ contexts=[web_page]");
    CHECK(describe_good("a\tb") == "good  2 columns, which is no enriched event");
}
