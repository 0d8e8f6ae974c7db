#pragma once

#include "enricher/enrich_record.h"
#include "enricher/record_mapper.h"
#include "iglu/schema_view.h"

namespace snowline::enricher {

/// One worker of a running enricher: the pure core, with schemas that are asked for around it.
class CoreMapper final : public RecordMapper {
public:
    /// Settings and cache are shared by all workers and outlive them.
    CoreMapper(const CoreSettings& settings, iglu::SchemaCache& schemas, Enrichments enrichments);

    std::optional<std::vector<Row>> map(const log::Record& record) override;
    Row broken(const log::Record& record, std::string_view what) override;
    void refresh() override;

private:
    iglu::SchemaView schemas_;
    Worker worker_;
};

}  // namespace snowline::enricher
