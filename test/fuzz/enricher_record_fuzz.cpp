// Any bytes as a record of the raw topic: at least one row each, and every row well-formed.
#include "common/check.h"
#include "common/json/parse.h"
#include "enricher/enrich_record.h"
#include "iglu/iglu_client.h"
#include "iglu/resolver_config.h"
#include "iglu/schema_view.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

using namespace snowline;

namespace {

constexpr std::int64_t kNowMs = 1'767'323'045'678;

/// The core with the built-in schemas and every output on.
struct Core {
    Core() {
        settings.good_json = settings.failed = true;
        auto opened = iglu::open_registries({});
        SNOWLINE_CHECK(opened.has_value());
        client = std::make_unique<iglu::IgluClient>(iglu::ResolverConfig{}, *std::move(opened));
        schemas = std::make_unique<iglu::WaitingSchemaSource>(client->cache());
        worker = std::make_unique<enricher::Worker>(settings, *schemas, enricher::Enrichments{});
    }
    enricher::CoreSettings settings;
    std::unique_ptr<iglu::IgluClient> client;
    std::unique_ptr<iglu::WaitingSchemaSource> schemas;
    std::unique_ptr<enricher::Worker> worker;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Core core;
    static json::Arena arena;
    const std::string_view record(reinterpret_cast<const char*>(data), size);
    const auto rows = enricher::enrich_record(record, kNowMs, *core.worker);
    SNOWLINE_CHECK(!rows.empty());
    for (const enricher::Row& row : rows) {
        const bool is_json =
            row.kind == enricher::RowKind::kBad || row.kind == enricher::RowKind::kGoodJson;
        arena.reset();
        if (is_json) SNOWLINE_CHECK(json::parse(row.value, arena).has_value());
        const auto tabs = std::count(row.value.begin(), row.value.end(), '\t');
        SNOWLINE_CHECK(is_json || tabs == enricher::kFieldCount - 1);
    }
    return 0;
}
