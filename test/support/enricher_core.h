#pragma once

#include "common/check.h"
#include "enricher/pipeline/enrich_record.h"
#include "iglu/resolve/iglu_client.h"
#include "iglu/resolve/resolver_config.h"
#include "iglu/resolve/schema_view.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace snowline::test {

/// The enricher's core as one worker of it runs, with the built-in schemas and no enrichments.
class EnricherCore {
public:
    static constexpr std::int64_t kNowMs = 1'767'323'045'678;  // 2026-01-02T03:04:05.678Z

    std::vector<enricher::Row> rows(std::string_view record) {
        return enricher::enrich_record(record, {}, kNowMs, worker_);
    }
    /// Of the rows that this core makes.
    enricher::Stream stream(const enricher::Row& row) const {
        return settings.outputs[row.output].stream;
    }
    enricher::CoreSettings settings;

private:
    static std::vector<std::unique_ptr<iglu::Registry>> registries() {
        auto opened = iglu::open_registries({});
        SNOWLINE_CHECK(opened.has_value());
        return *std::move(opened);
    }
    iglu::IgluClient client_{{}, registries()};
    iglu::WaitingSchemaSource schemas_{client_.cache()};
    enricher::Worker worker_{settings, schemas_, {}};
};

}  // namespace snowline::test
