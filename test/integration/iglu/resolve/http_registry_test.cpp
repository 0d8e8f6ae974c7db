#include "iglu/resolve/http_registry.h"

#include "test/support/gate.h"
#include "test/support/loopback_server.h"

#include <atomic>
#include <chrono>
#include <thread>

#include <catch2/catch.hpp>

namespace snowline::iglu {
namespace {

using namespace std::chrono_literals;
using test::LoopbackServer;
using Kind = RegistryFailure::Kind;

const model::SchemaKey kKey = *model::SchemaKey::parse("iglu:com.acme/event/jsonschema/1-0-0");

std::unique_ptr<Registry> registry_at(std::string uri, std::optional<std::string> apikey = {}) {
    return http_registry({.name = "r", .kind = RegistryClass::kHttp, .vendor_prefixes = {}},
                         {.uri = std::move(uri),
                          .apikey = std::move(apikey),
                          .pause = 10ms,
                          .limits = {.connect = 200ms, .total = 500ms, .body_bytes_max = 1000}});
}

LoopbackServer::Handler always(LoopbackServer::Answer answer) {
    return [answer](const std::string&) { return answer; };
}

RegistryFailure failure_with(LoopbackServer::Answer answer) {
    LoopbackServer server(always(std::move(answer)));
    const auto fetched = registry_at(server.url())->fetch(kKey);
    REQUIRE_FALSE(fetched);
    return fetched.error();
}

}  // namespace

TEST_CASE("a schema is asked for at its path, with the key") {
    std::string head;
    LoopbackServer server([&](const std::string& request) {
        head = request;
        return LoopbackServer::Answer{.body = "{}", .headers = {}};
    });
    CHECK(registry_at(server.url() + "/api/", "secret")->fetch(kKey) == "{}");
    server.stop();
    CHECK(head.starts_with("GET /api/schemas/com.acme/event/jsonschema/1-0-0 HTTP/1.1\r\n"));
    CHECK(head.find("\r\napikey: secret\r\n") != std::string::npos);
}

TEST_CASE("404 is an answer, other refusals are the client's failure") {
    CHECK(failure_with({.status = 404, .body = "", .headers = {}}) == not_found());
    CHECK(failure_with({.status = 403, .body = "no", .headers = {}}) ==
          client_failure("Unexpected response code: 403"));
    const RegistryFailure busy = failure_with({.status = 429, .body = "", .headers = {}});
    CHECK(busy.kind == Kind::kClientFailure);
    CHECK(busy.outage);
}

TEST_CASE("a failing server is asked three times, and quoted") {
    LoopbackServer server(always({.status = 500, .body = "down", .headers = {}}));
    const auto fetched = registry_at(server.url())->fetch(kKey);
    CHECK(fetched.error().kind == Kind::kRepoFailure);
    CHECK(fetched.error().message == "Unexpected server response: down");
    CHECK(fetched.error().outage);
    CHECK(server.requests() == 3);
}

TEST_CASE("a try that hangs leaves time for the next one") {
    std::atomic<int> asked = 0;
    LoopbackServer server([&](const std::string&) {
        const bool hangs = ++asked == 1;
        return LoopbackServer::Answer{.body = "{}", .headers = {}, .delay = hangs ? 3s : 0s};
    });
    const auto registry =
        http_registry({.name = "r", .kind = RegistryClass::kHttp, .vendor_prefixes = {}},
                      {.uri = server.url(),
                       .apikey = {},
                       .pause = 10ms,
                       .try_at_most = 100ms,
                       .limits = {.connect = 1min, .total = 2min}});
    CHECK(registry->fetch(kKey) == "{}");
    CHECK(asked == 2);
}

TEST_CASE("who waits for a registry is not kept by it when the program ends") {
    test::Gate gate;
    LoopbackServer server([&](const std::string&) {
        gate.pass();
        return LoopbackServer::Answer{.body = "{}", .headers = {}};
    });
    const auto registry =
        http_registry({.name = "r", .kind = RegistryClass::kHttp, .vendor_prefixes = {}},
                      {.uri = server.url(),
                       .apikey = {},
                       .pause = 10ms,
                       .try_at_most = 10min,
                       .limits = {.connect = 1min, .total = 20min}});
    std::thread ends([&] {
        test::comes_true([&] { return gate.waiting() == 1; });
        registry->cancel();
    });
    const auto fetched = registry->fetch(kKey);  // the gate is closed
    ends.join();
    gate.open();
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().outage);
    CHECK_FALSE(registry->fetch(kKey));
    CHECK(server.requests() == 1);
}

TEST_CASE("a server that recovers between two tries gives the schema") {
    int asked = 0;
    LoopbackServer server([&](const std::string&) {
        return LoopbackServer::Answer{
            .status = ++asked == 1 ? 503 : 200, .body = "{}", .headers = {}};
    });
    CHECK(registry_at(server.url())->fetch(kKey) == "{}");
}

TEST_CASE("a stopped server is an outage, found out at once") {
    LoopbackServer server(always({}));
    const std::string url = server.url();
    server.stop();
    const auto fetched = registry_at(url)->fetch(kKey);
    CHECK(fetched.error().outage);
    CHECK(fetched.error().message == "Connection refused or host unreachable");
}

TEST_CASE("a hanging server is an outage after the time that one look-up has") {
    LoopbackServer server(always({.body = "{}", .headers = {}, .delay = 1'000ms}));
    const auto before = std::chrono::steady_clock::now();
    const auto fetched = registry_at(server.url())->fetch(kKey);
    const auto took = std::chrono::steady_clock::now() - before;
    CHECK(fetched.error().outage);
    CHECK(fetched.error().message == "No answer in time");
    CHECK(took >= 450ms);
    CHECK(took < 900ms);
}

TEST_CASE("a slow server is waited for") {
    LoopbackServer server(always({.body = "{}", .headers = {}, .delay = 200ms}));
    CHECK(registry_at(server.url())->fetch(kKey) == "{}");
}

TEST_CASE("an answer beyond the limit is refused") {
    const RegistryFailure failure =
        failure_with({.status = 200, .body = std::string(1'001, ' '), .headers = {}});
    CHECK(failure == client_failure("The answer has more than 1000 bytes"));
}

TEST_CASE("a redirect is followed on the same server, and not to another private address") {
    LoopbackServer elsewhere(always({.body = "{}", .headers = {}}));
    LoopbackServer server([&](const std::string& head) {
        if (head.starts_with("GET /moved"))
            return LoopbackServer::Answer{.body = "{}", .headers = {}};
        const std::string to = head.starts_with("GET /away") ? elsewhere.url() + "/" : "/moved";
        return LoopbackServer::Answer{
            .status = 302, .body = "", .headers = "location: " + to + "\r\n"};
    });
    CHECK(registry_at(server.url())->fetch(kKey) == "{}");
    CHECK_FALSE(registry_at(server.url() + "/away")->fetch(kKey));
    CHECK(elsewhere.requests() == 0);
}

TEST_CASE("a redirect without end is given up") {
    LoopbackServer server(always({.status = 302, .body = "", .headers = "location: /again\r\n"}));
    const auto fetched = registry_at(server.url())->fetch(kKey);
    CHECK(fetched.error() == client_failure("More than 3 redirects"));
    CHECK(server.requests() == 4);
}

TEST_CASE("a vendor of dots leads nowhere") {
    LoopbackServer server(always({.body = "{}", .headers = {}}));
    const model::SchemaKey key = *model::SchemaKey::parse("iglu:../event/jsonschema/1-0-0");
    CHECK(registry_at(server.url())->fetch(key).error() == not_found());
    CHECK(server.requests() == 0);
}

}  // namespace snowline::iglu
