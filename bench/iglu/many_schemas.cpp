#include "bench/iglu/many_schemas.h"

#include "bench/iglu/numbered_registry.h"
#include "common/check.h"
#include "common/json/arena.h"
#include "common/json/parse.h"
#include "enricher/event/schema_table.h"
#include "iglu/resolve/iglu_client.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <utility>

#include <malloc.h>

using namespace snowline;

namespace {

constexpr std::size_t kManyMax = 100'000;

/// Which schemas come, one after the other. Each kind comes as often as the others, whatever the
/// number of schemas and the use, so that the work is the same.
class Turns {
public:
    Turns(std::size_t count, std::size_t kinds, ManySchemas::Use use) : count_(count) {
        if (use == ManySchemas::Use::kInTurn) return;
        std::vector<double>
            until;  // the sum of the shares up to a group of one schema of each kind
        for (std::size_t n = 1; n <= count / kinds; ++n) {
            until.push_back((until.empty() ? 0 : until.back()) + 1.0 / static_cast<double>(n));
        }
        std::mt19937_64 random(1);
        std::uniform_real_distribution<double> share(0, until.back());
        for (std::size_t i = 0; i < kDrawn; ++i) {
            const auto drawn = std::upper_bound(until.begin(), until.end() - 1, share(random));
            const auto group = static_cast<std::size_t>(drawn - until.begin());
            // Those that are frequent do not lie side by side.
            const std::size_t place = group * kStep % until.size();
            drawn_.push_back(static_cast<std::uint32_t>(place * kinds + i % kinds));
        }
    }

    std::size_t next() {
        if (drawn_.empty()) return at_ = (at_ + kStep) % count_;
        at_ = (at_ + 1) % kDrawn;
        return drawn_[at_];
    }

private:
    static constexpr std::size_t kStep = 7'919;  // a prime: all have their turn
    static constexpr std::size_t kDrawn = 500'000;
    std::size_t count_, at_ = 0;
    std::vector<std::uint32_t> drawn_;
};

std::vector<std::unique_ptr<iglu::Registry>> registries(const std::vector<ManySchemas::Kind>& of) {
    std::vector<std::string> texts;
    for (const auto& kind : of) texts.push_back(kind.schema);
    std::vector<std::unique_ptr<iglu::Registry>> made;
    made.push_back(std::make_unique<bench::NumberedRegistry>(std::move(texts)));
    return made;
}

iglu::ResolverConfig settings() {
    iglu::ResolverConfig config;
    config.cache_size = kManyMax;
    return config;
}

}  // namespace

struct ManySchemas::Parts {
    Parts(const std::vector<Kind>& of, std::size_t schemas)
        : kinds(of), count(schemas), client(settings(), registries(of)) {
        for (const Kind& kind : kinds) {
            instances.push_back(json::parse(kind.instance, arenas.emplace_back()).value());
        }
    }

    void check(std::size_t entities, Turns& turns) {
        for (std::size_t i = 0; i < entities; ++i) {
            const std::size_t number = turns.next();
            const auto schema = table.find(uri.at(number));
            SNOWLINE_CHECK(schema.has_value());
            const enricher::Entity entity{*schema, instances[number % instances.size()]};
            SNOWLINE_CHECK(enricher::check(entity, table).has_value());
        }
    }

    std::vector<Kind> kinds;  // the instances' texts point into it
    std::size_t count;
    std::deque<json::Arena> arenas;
    std::vector<json::Value> instances;
    bench::NumberedUri uri;  // an event brings its own text, so it is not measured
    iglu::IgluClient client;
    iglu::WaitingSchemaSource source{client.cache()};
    enricher::SchemaTable table{source};
    std::optional<Turns> turns;
    std::size_t heap_each = 0;
};

ManySchemas::ManySchemas(const std::vector<Kind>& kinds, std::size_t count, Use use)
    : parts_(std::make_unique<Parts>(kinds, count)) {
    SNOWLINE_CHECK(count % kinds.size() == 0 && count <= kManyMax);
    const std::size_t before = mallinfo2().uordblks;
    Turns all(count, kinds.size(), Use::kInTurn);
    parts_->check(count, all);  // resolves and compiles them
    parts_->heap_each = (mallinfo2().uordblks - before) / count;
    parts_->turns.emplace(count, kinds.size(), use);
}

ManySchemas::~ManySchemas() = default;

void ManySchemas::check(std::size_t entities) {
    parts_->check(entities, *parts_->turns);
}

std::size_t ManySchemas::bytes_each() const {
    return parts_->heap_each;
}
