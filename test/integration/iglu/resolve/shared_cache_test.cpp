// Workers, the thread that refreshes, and a registry that comes and goes: run under TSan.
#include "iglu/resolve/iglu_client.h"
#include "test/support/memory_registry.h"

#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

namespace snowline::iglu {
namespace {

using namespace std::chrono_literals;

model::SchemaKey key(int addition) {
    return *model::SchemaKey::parse("iglu:com.acme/event/jsonschema/1-0-" +
                                    std::to_string(addition));
}

// A registry whose outages another thread begins and ends.
class Flickering final : public Registry {
public:
    Flickering()
        : Registry(
              {.name = "acme", .kind = RegistryClass::kHttp, .vendor_prefixes = {"com.acme"}}) {}
    Result<std::string, RegistryFailure> fetch(const model::SchemaKey&) override {
        ++asked;
        if (out) return unexpected(test::outage());
        return std::string(R"({"type":"object"})");
    }
    std::string location(const model::SchemaKey& key) const override { return key.to_path(); }

    std::atomic<bool> out = false;
    std::atomic<int> asked = 0;
};

}  // namespace

TEST_CASE("workers share schemas while they expire, are evicted and refreshed") {
    constexpr int kWorkers = 4;
    constexpr int kBatches = 60;
    constexpr int kSchemas = 24;
    std::vector<std::unique_ptr<Registry>> registries;
    registries.push_back(std::make_unique<Flickering>());
    auto& registry = static_cast<Flickering&>(*registries[0]);
    ResolverConfig config;
    config.cache_size = 16;  // fewer than there are schemas
    config.cache_ttl = 1;
    std::atomic<std::int64_t> now = 1'000'000;
    IgluClient client(config, std::move(registries),
                      {.outage_wait = 1h, .clock = [&] { return now.load(); }});
    client.refresh_in_background(1ms);

    std::atomic<int> unresolved = 0;
    std::vector<std::thread> workers;
    for (int worker = 0; worker < kWorkers; ++worker) {
        workers.emplace_back([&, worker] {
            SchemaView view(client.loader());
            for (int batch = 0; batch < kBatches; ++batch) {
                view.refresh();
                for (int i = 0; i < kSchemas; ++i) {
                    const model::SchemaKey wanted = key((worker + batch + i) % kSchemas);
                    view.find(wanted);
                    while (view.is_missing() && view.ask() != SchemaView::Answers::kAll) {
                        now += 100;  // the registry is out: time goes by
                        registry.out = false;
                        // Not faster than the thread that asks again may be kept from running: an
                        // hour must not pass meanwhile.
                        std::this_thread::sleep_for(1ms);
                    }
                    if (!std::holds_alternative<ResolvedSchema>(*view.find(wanted))) ++unresolved;
                }
                if (batch % 10 == worker) registry.out = true;
                now += 300;
            }
        });
    }
    for (std::thread& worker : workers) worker.join();
    CHECK(unresolved == 0);
    CHECK(registry.asked > kSchemas);
}

}  // namespace snowline::iglu
