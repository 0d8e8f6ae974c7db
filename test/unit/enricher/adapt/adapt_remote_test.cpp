#include "common/json/parse.h"
#include "common/json/print.h"
#include "enricher/adapt/remote.h"
#include "enricher/outputs/failure_json.h"
#include "test/unit/enricher/adapt/adapting.h"

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

constexpr std::string_view kUrl = "http://127.0.0.1:27001/acme";

std::vector<RemoteAdapter> adapters() {
    return {{.vendor = "com.acme", .version = "v1", .url = std::string(kUrl)},
            {.vendor = "com.callrail", .version = "v1", .url = "http://127.0.0.1:27001/calls"}};
}

// A request to a remote adapter that answers so, and the events' parameters or the failures.
std::string answered(const RemoteAnswer& answer, std::string_view vendor = "com.acme") {
    RemoteAnswers answers(adapters());
    const test::Request request{.vendor = vendor,
                                .querystring = "aid=shop&flag",
                                .content_type = "text/csv",
                                .body = "a;b"};
    const test::Adapting first(request, &answers);
    if (answers.missing() == nullptr) return "not asked";
    answers.put(answer);
    const test::Adapting second(request, &answers);
    if (!second.has_events()) return second.lines().front();
    std::string out;
    for (const RawEvent& event : second.events()) {
        for (const Parameter& parameter : event.parameters) {
            out.append(parameter.name)
                .append("=")
                .append(parameter.value.value_or("?"))
                .append(" ");
        }
        out += "| ";
    }
    return out;
}

}  // namespace

TEST_CASE("a remote adapter is asked with the whole request, once for a record") {
    RemoteAnswers answers(adapters());
    const test::Request request{.vendor = "com.acme",
                                .querystring = "aid=shop&flag",
                                .content_type = "text/csv",
                                .body = "a;\"b\""};
    const test::Adapting first(request, &answers);
    REQUIRE(answers.missing() != nullptr);
    CHECK(answers.missing()->url == kUrl);
    CHECK(answers.missing()->body ==
          R"({"contentType":"text/csv","queryString":{"aid":"shop","flag":null},)"
          R"("headers":[],"body":"a;\"b\""})");
    answers.put(std::string(R"({"events":[{"e":"pv"}]})"));
    CHECK(answers.missing() == nullptr);
    CHECK(test::Adapting(request, &answers).has_events());
    CHECK(test::Adapting(request, &answers).has_events());
    answers.forget();
    CHECK(test::Adapting(request, &answers).lines().empty());  // it asks
    CHECK(answers.missing() != nullptr);
}

TEST_CASE("its events are those of the answer") {
    CHECK(answered(R"({"events":[{"e":"pv","page":"A"},{"e":"ue","x":null}],"error":null})") ==
          "e=pv page=A | e=ue | ");
}

TEST_CASE("a remote adapter replaces one of ours") {
    CHECK(answered(R"({"events":[{"e":"se"}]})", "com.callrail") == "e=se | ");
}

TEST_CASE("an answer that is none is a failure that says so") {
    CHECK(answered(unexpected(std::string("timed out"))) ==
          R"({"field":"body","value":null,"expectation":"[REMOTE_ADAPTER] could not get response )"
          R"(from remote adapter http://127.0.0.1:27001/acme: timed out"})");
    CHECK(answered("<html>").find(R"("error":"[REMOTE_ADAPTER] invalid json: )") !=
          std::string::npos);
    CHECK(answered(R"({"error":"no such shop"})").find("[REMOTE_ADAPTER] no such shop") !=
          std::string::npos);
    CHECK(answered(R"({"events":[]})").find("empty list of events") != std::string::npos);
    CHECK(answered("[]").find("no list of events in the answer") != std::string::npos);
    CHECK(answered(R"({"events":[{"e":1}]})").find("value is not a string") != std::string::npos);
}

TEST_CASE("without a body nothing is asked") {
    RemoteAnswers answers(adapters());
    const test::Adapting nothing({.vendor = "com.acme", .body = ""}, &answers);
    CHECK(answers.missing() == nullptr);
    CHECK(nothing.lines().front() ==
          R"({"field":"body","value":null,"expectation":"[REMOTE_ADAPTER] empty body: not a valid )"
          R"(remote adapter http://127.0.0.1:27001/acme payload"})");
}

}  // namespace snowline::enricher
