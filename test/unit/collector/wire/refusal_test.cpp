#include "collector/wire/refusal.h"

#include "collector/request/cors.h"
#include "collector/request/response.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>

using namespace snowline::collector;
using namespace snowline::collector::wire;

namespace {

// What dashboards and alerts know: none of these may vanish or change its meaning.
const std::set<std::string_view> kLabels{
    "malformed",    "request_line",        "headers",     "framing",
    "head_timeout", "body_timeout",        "broken_body", "body",
    "decoding",     "decompression_ratio", "origin",      "app_id",
    "address_rate", "app_id_rate",         "overload",    "connections"};

bool is_counted(const RefusalRow& row) {
    return !row.label.empty();
}

}  // namespace

TEST_CASE("every reason has a status that has a name, a text and a label that is documented") {
    std::set<std::string_view> used;
    for (const RefusalRow& row : kRefusals) {
        CAPTURE(static_cast<int>(row.reason), row.text);
        CHECK(&row_of(row.reason) == &row);
        CHECK_FALSE(row.text.empty());
        const Response response = refusal_response(Refusal{row.reason});
        CHECK(response.status == row.status);
        CHECK(response.status >= 400);
        const std::string bytes = render(response, {});
        CHECK_FALSE(bytes.starts_with("HTTP/1.1 " + std::to_string(row.status) + " Status"));
        if (is_counted(row)) used.insert(row.label);
    }
    CHECK(used == kLabels);
}

TEST_CASE("no two reasons are the same in all that anybody sees of them") {
    std::set<std::tuple<int, std::string_view, std::string_view, ConnectionAfter>> seen;
    for (const RefusalRow& row : kRefusals) {
        CAPTURE(static_cast<int>(row.reason), row.text);
        CHECK(seen.insert({row.status, row.text, row.label, row.connection}).second);
    }
}

TEST_CASE("only an answer to a whole request leaves the connection open, and is counted as one") {
    for (const RefusalRow& row : kRefusals) {
        CAPTURE(static_cast<int>(row.reason));
        if (is_counted(row)) CHECK(row.connection != ConnectionAfter::kOpen);
        // Trackers would come back at once, all of them.
        if (row.status == 503) CHECK(row.retry_after_seconds > 0);
    }
}

TEST_CASE("a detail stands where the text has its place, and only there") {
    const Refusal folded{RefusalReason::kFoldedFraming, "a {} b"};
    CHECK(folded.text() == "`a {} b` must be one line");
    CHECK(Refusal{RefusalReason::kNoHost, "x"}.text() ==
          "Request is missing required `Host` header");
    for (const RefusalRow& row : kRefusals) {
        const auto first = row.text.find("{}");
        CHECK((first == std::string_view::npos ||
               row.text.find("{}", first + 1) == std::string_view::npos));
    }
}

TEST_CASE("when to come again is said as computed, else as the table says") {
    const auto retry_after = [](const Refusal& refusal) {
        const Response response = refusal_response(refusal);
        return response.headers.empty() ? std::string() : response.headers.front().value;
    };
    CHECK(retry_after({.reason = RefusalReason::kAddressRate, .retry_after = 17}) == "17");
    CHECK(retry_after({.reason = RefusalReason::kTooManyBytes}) == "5");
    CHECK(retry_after({.reason = RefusalReason::kNoHost}).empty());
}
