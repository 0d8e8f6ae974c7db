#include "bench/iglu/many_schemas.h"

#include "common/check.h"
#include "common/json/arena.h"
#include "common/json/parse.h"
#include "enricher/schema_table.h"
#include "iglu/iglu_client.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <utility>

#include <malloc.h>

using namespace snowline;

namespace {

constexpr std::size_t kManyMax = 100'000;

/// Schemas by number: `iglu:com.acme/event_00042/jsonschema/1-0-0`.
class NumberedRegistry final : public iglu::Registry {
public:
    explicit NumberedRegistry(std::vector<std::string> texts)
        : Registry({.name = "numbered", .vendor_prefixes = {}}), texts_(std::move(texts)) {}

    Result<std::string, iglu::RegistryFailure> fetch(const iglu::SchemaKey& key) override {
        if (!key.name.starts_with("event_")) return unexpected(iglu::not_found());
        return texts_[std::stoul(key.name.substr(6)) % texts_.size()];
    }
    std::string location(const iglu::SchemaKey& key) const override { return key.to_path(); }

private:
    std::vector<std::string> texts_;
};

/// A URI whose number changes in place: an event brings its own text, so it is not measured.
class NumberedUri {
public:
    std::string_view at(std::size_t number) {
        for (std::size_t digit = kDigits; digit-- > 0; number /= 10) {
            text_[kFirst + digit] = static_cast<char>('0' + number % 10);
        }
        return text_;
    }

private:
    static constexpr std::size_t kFirst = 20, kDigits = 5;
    std::string text_ = "iglu:com.acme/event_00000/jsonschema/1-0-0";
};

std::vector<std::unique_ptr<iglu::Registry>> registries(const std::vector<ManySchemas::Kind>& of) {
    std::vector<std::string> texts;
    for (const auto& kind : of) texts.push_back(kind.schema);
    std::vector<std::unique_ptr<iglu::Registry>> made;
    made.push_back(std::make_unique<NumberedRegistry>(std::move(texts)));
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

    void check(std::size_t entities) {
        constexpr std::size_t kStep = 7'919;  // a prime: all have their turn
        for (std::size_t i = 0; i < entities; ++i) {
            next = (next + kStep) % count;
            const auto schema = table.find(uri.at(next));
            SNOWLINE_CHECK(schema.has_value());
            const enricher::Entity entity{*schema, instances[next % instances.size()]};
            SNOWLINE_CHECK(enricher::check(entity, table).has_value());
        }
    }

    std::vector<Kind> kinds;  // the instances' texts point into it
    std::size_t count, next = 0;
    std::deque<json::Arena> arenas;
    std::vector<json::Value> instances;
    NumberedUri uri;
    iglu::IgluClient client;
    iglu::WaitingSchemaSource source{client.cache()};
    enricher::SchemaTable table{source};
    std::size_t heap_before = 0;
};

ManySchemas::ManySchemas(const std::vector<Kind>& kinds, std::size_t count)
    : parts_(std::make_unique<Parts>(kinds, count)) {
    SNOWLINE_CHECK(count % kinds.size() == 0 && count <= kManyMax);
    parts_->heap_before = mallinfo2().uordblks;
    parts_->check(count);  // resolves and compiles them
}

ManySchemas::~ManySchemas() = default;

void ManySchemas::check(std::size_t entities) {
    parts_->check(entities);
}

double ManySchemas::bytes_each() const {
    return static_cast<double>(mallinfo2().uordblks - parts_->heap_before) /
           static_cast<double>(parts_->count);
}
