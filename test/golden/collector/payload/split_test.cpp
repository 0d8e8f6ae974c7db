// Over-size requests of the reference's vectors: split at the same places, though in the events'
// order, where the reference has batches, and the events in them, reversed.
#include "collector/service/service.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/model/collector_payload_thrift.h"
#include "common/text/base64.h"
#include "test/support/golden.h"
#include "test/support/http_request.h"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace snowline;

namespace {

/// A body with its events in the opposite order, as compact JSON.
std::string reversed(const std::string& body) {
    json::Arena arena;
    const auto parsed = json::parse(body, arena);
    const json::Value* data = parsed ? parsed->find("data") : nullptr;
    if (data == nullptr || !data->is_array()) return body;
    std::string out = R"({"schema":)" + json::print(*parsed->find("schema")) + R"(,"data":[)";
    for (std::size_t i = data->items().size(); i-- > 0;) {
        out += json::print(data->items()[i]) + (i > 0 ? "," : "");
    }
    return out + "]}";
}

std::string expectation(const std::string& bad_row) {
    json::Arena arena;
    const auto row = json::parse(bad_row, arena);
    return json::print(*row->find("data")->find("failure")->find("expectation"));
}

std::string request_bytes(const json::Value& recorded) {
    std::string out;
    for (const json::Value& step : recorded.find("request")->items()) {
        if (const json::Value* bytes = step.find("b64")) out += *text::decode_base64(bytes->text());
    }
    return out;
}

void check_case(const json::Value& recorded, const collector::Service& service) {
    CAPTURE(recorded.find("id")->text(), recorded.find("desc")->text());
    const auto request = test::read_request(request_bytes(recorded));
    const auto reply = service.handle(request, service.route(request.head), {}, [] {
        return std::string("a0000000-0000-4000-8000-000000000000");
    });
    const auto good = recorded.find("good")->items();
    const auto bad = recorded.find("bad")->items();
    REQUIRE(reply.records.good.size() == good.size());
    REQUIRE(reply.records.bad.size() == bad.size());
    const bool is_split = good.size() + bad.size() > 1 || !bad.empty();
    for (std::size_t i = 0; i < good.size(); ++i) {
        const auto bytes = *text::decode_base64(good[good.size() - 1 - i].find("raw_b64")->text());
        const auto theirs = *model::from_thrift(bytes)->body;
        const auto ours = *model::from_thrift(reply.records.good[i])->body;
        // One batch alone was split, too, where its body is no longer what came.
        const bool whole = !is_split && theirs == ours;
        CHECK((whole || ours == reversed(theirs)));
    }
    for (std::size_t i = 0; i < bad.size(); ++i) {
        const auto theirs = *text::decode_base64(bad[bad.size() - 1 - i].find("raw_b64")->text());
        CHECK(expectation(reply.records.bad[i]) == expectation(theirs));
    }
}

}  // namespace

TEST_CASE("over-size requests are split where the reference splits them") {
    struct File {
        const char* name;
        std::int64_t max_bytes;
    };
    const auto file = GENERATE(File{"split_700.jsonl", 700}, File{"split_2000.jsonl", 2000});
    collector::ServiceSettings settings;
    settings.sink = "stdout";
    settings.record_bytes_max = file.max_bytes;
    const collector::Service service(settings);
    std::size_t cases = 0;
    for (const std::string& line : test::read_lines(test::golden("collector") / file.name)) {
        json::Arena arena;
        const auto recorded = json::parse(line, arena);
        REQUIRE(recorded);
        if (recorded->find("meta") != nullptr) continue;
        check_case(*recorded, service);
        ++cases;
    }
    CHECK(cases > 20);
}
