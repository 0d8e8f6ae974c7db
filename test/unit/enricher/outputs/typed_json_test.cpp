#include "enricher/outputs/typed_json.h"

#include "enricher/event/field.h"

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::enricher;

namespace {

std::string row(std::initializer_list<std::pair<Field, std::string>> columns) {
    std::string out;
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        if (i > 0) out += '\t';
        for (const auto& [field, text] : columns) {
            if (index_of(field) == i) out += text;
        }
    }
    return out;
}

}  // namespace

TEST_CASE("typed JSON keeps types and leaves empty columns out") {
    const auto made =
        typed_json_of_row(row({{Field::kAppId, "shop \"a\""},
                               {Field::kTxnId, "42"},
                               {Field::kGeoLatitude, "51.5"},
                               {Field::kGeoLongitude, "-0.09"},
                               {Field::kTrTotal, "10.50"},
                               {Field::kBrCookies, "1"},
                               {Field::kCollectorTstamp, "2026-11-23 05:19:58.187"}}));
    REQUIRE(made);
    CHECK(*made ==
          R"({"geo_location":"51.5,-0.09","app_id":"shop \"a\"",)"
          R"("collector_tstamp":"2026-11-23T05:19:58.187Z","txn_id":42,)"
          R"("geo_latitude":51.5,"geo_longitude":-0.09,"tr_total":10.50,"br_cookies":true})");
}

TEST_CASE("typed JSON groups contexts by vendor, name and model") {
    const auto made = typed_json_of_row(row(
        {{Field::kContexts,
          R"({"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1","data":[)"
          R"({"schema":"iglu:com.acme/userProfile/jsonschema/1-0-0","data":{"a":1}},)"
          R"({"schema":"iglu:org.w3/Perf/jsonschema/2-0-0","data":[]},)"
          R"({"schema":"iglu:com.acme/userProfile/jsonschema/1-0-2","data":{"a":1.0}}]})"},
         {Field::kUnstructEvent,
          R"({"schema":"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0",)"
          R"("data":{"schema":"iglu:com.my-acme.x/link_Click/jsonschema/1-0-1","data":{}}})"}}));
    REQUIRE(made);
    CHECK(*made ==
          R"({"contexts_com_acme_user_profile_1":[{"a":1},{"a":1.0}],)"
          R"("contexts_org_w3_perf_2":[[]],"unstruct_event_com_my_acme_x_link_click_1":{}})");
}

TEST_CASE("what is no enriched event gives an error that says why") {
    CHECK(typed_json_of_row("a\tb").error() == "131 columns expected, 2 found");
    CHECK(typed_json_of_row(row({{Field::kContexts, "{}"}})).error() ==
          "contexts: no data in the envelope");
    CHECK(typed_json_of_row(row({{Field::kContexts, "{"}})).error() == "contexts: exhausted input");
    CHECK(typed_json_of_row(row({{Field::kUnstructEvent, R"({"data":{"schema":"x","data":1}})"}}))
              .error() == "unstruct_event: x is no Iglu URI");
}
