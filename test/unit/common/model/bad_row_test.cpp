#include "common/model/bad_row.h"

#include "common/model/collector_bad_rows.h"
#include "common/version.h"

#include <string_view>

#include <catch2/catch.hpp>

using namespace snowline;

TEST_CASE("a bad row has its envelope, with texts that are escaped") {
    const model::Artifact processor{"a\"b", "1.0"};
    CHECK(model::begin_bad_row("x/jsonschema/1-0-0", processor, 0) ==
          R"({"schema":"iglu:com.snowplowanalytics.snowplow.badrows/x/jsonschema/1-0-0",)"
          R"("data":{"processor":{"artifact":"a\"b","version":"1.0"},)"
          R"("failure":{"timestamp":"1970-01-01T00:00:00Z")");
}

TEST_CASE("the collector's bad rows are whole") {
    const model::Artifact processor{"p", "1"};
    CHECK(
        model::size_violation_json({.timestamp_ms = 1,
                                    .maximum_bytes = 10,
                                    .actual_bytes = 11,
                                    .expectation = "e",
                                    .payload = "\n"},
                                   processor) ==
        R"({"schema":"iglu:com.snowplowanalytics.snowplow.badrows/size_violation/jsonschema/1-0-0",)"
        R"("data":{"processor":{"artifact":"p","version":"1"},"failure":)"
        R"({"timestamp":"1970-01-01T00:00:00.001Z","maximumAllowedSizeBytes":10,)"
        R"("actualSizeBytes":11,"expectation":"e"},"payload":"\n"}})");
    CHECK(
        model::generic_error_json({.timestamp_ms = 1, .errors = {"a", "b"}, .payload = "p"},
                                  processor) ==
        R"({"schema":"iglu:com.snowplowanalytics.snowplow.badrows/generic_error/jsonschema/1-0-0",)"
        R"("data":{"processor":{"artifact":"p","version":"1"},"failure":)"
        R"({"timestamp":"1970-01-01T00:00:00.001Z","errors":["a","b"]},"payload":"p"}})");
}

TEST_CASE("the build has a version of three numbers") {
    const std::string_view version = snowline::version();
    CHECK(version.find('.') != std::string_view::npos);
    CHECK(version.find_first_not_of("0123456789.") == std::string_view::npos);
}
