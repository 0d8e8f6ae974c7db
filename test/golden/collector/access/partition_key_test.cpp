// Keys of the records that the reference wrote to Kafka.
#include "collector/service/service.h"
#include "common/json/parse.h"
#include "common/text/base64.h"
#include "test/support/golden.h"
#include "test/support/http_request.h"

#include <catch2/catch.hpp>

using namespace snowline;

namespace {

constexpr const char* kFreshId = "a0000000-0000-4000-8000-000000000000";

/// A recorded random key stands for a fresh one.
bool is_random(std::string_view key) {
    return key.size() == 36 && key[14] == '4' && key[8] == '-' && key[23] == '-';
}

}  // namespace

TEST_CASE("records have the keys that the reference gives them") {
    const bool by_address = GENERATE(false, true);
    collector::ServiceSettings settings;
    if (by_address) settings.keyed_by = collector::KeyedBy::kClientIp;
    const collector::Service service(settings);
    std::size_t keys = 0;
    const auto file = by_address ? "kafka_ip_key.jsonl" : "kafka_default.jsonl";
    for (const std::string& line : test::read_lines(test::golden("collector") / file)) {
        json::Arena arena;
        const auto recorded = json::parse(line, arena);
        REQUIRE(recorded);
        const json::Value* good = recorded->find("good");
        if (good == nullptr || good->items().empty()) continue;
        CAPTURE(recorded->find("id")->text(), recorded->find("desc")->text());
        const json::Value* bytes = recorded->find("request")->items()[0].find("b64");
        const auto request = test::read_request(*text::decode_base64(bytes->text()));
        const auto reply = service.handle(request, service.route(request.head), {},
                                          [] { return std::string(kFreshId); });
        for (const json::Value& record : good->items()) {
            const auto key = record.find("key")->text();
            CHECK(reply.partition_key == (is_random(key) ? kFreshId : key));
            ++keys;
        }
    }
    CHECK(keys > 5);
}
