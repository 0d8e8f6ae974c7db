#pragma once

#include "enricher/lookups/remote_adapter_client.h"
#include "enricher/pipeline/record_mapper.h"
#include "enricher/pipeline/worker.h"
#include "iglu/resolve/schema_view.h"

namespace snowline::enricher {

/// One worker of a running enricher: the pure core, with schemas that are asked for around it.
class CoreMapper final : public RecordMapper {
public:
    /// Settings, cache and client are shared by all workers and outlive them. Without a client
    /// there are no remote adapters.
    CoreMapper(const CoreSettings& settings, iglu::SchemaCache& schemas, Enrichments enrichments,
               RemoteAdapterClient* remote_adapters = nullptr);

    std::optional<std::vector<Row>> map(const log::Record& record) override;
    std::vector<Row> broken(const log::Record& record, std::string_view what) override;
    void refresh(std::int64_t now_ms) override;
    Tally take_tally() override;

private:
    bool ask_remote_adapter();

    iglu::SchemaView schemas_;
    Worker worker_;
    RemoteAdapterClient* remote_adapters_;
    RemoteAnswers remote_answers_;
    Tally tally_;
    std::int64_t now_ms_;
};

}  // namespace snowline::enricher
