#pragma once

#include "enricher/lookups/lookups.h"
#include "enricher/lookups/remote_adapter_client.h"
#include "enricher/lookups/remote_lookups.h"
#include "enricher/lookups/schema_lookups.h"
#include "enricher/pipeline/record_mapper.h"
#include "enricher/pipeline/worker.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>

namespace snowline::enricher {

/// One worker of a running enricher: the pure core, and around it what answers its questions.
class CoreMapper final : public RecordMapper {
public:
    /// Settings, loader and client are shared by all workers and outlive them. Without a client
    /// there are no remote adapters. The observer is told of all records; nullptr: nobody is.
    CoreMapper(const CoreSettings& settings, iglu::SchemaLoader& schemas, Enrichments enrichments,
               RemoteAdapterClient* remote_adapters = nullptr, RecordObserver* observer = nullptr);
    ~CoreMapper() override;

    Mapped map(const log::Record& record) override;
    Mapped go_on(const log::Record& record, std::unique_ptr<SuspendedRecord> suspended) override;
    std::vector<Row> broken(const log::Record& record, std::string_view what) override;
    void refresh(std::int64_t now_ms) override;
    void interrupt() override { interrupted_ = true; }
    Tally take_tally() override;

    /// Records that keep what was made of them while they wait, at most: each of them keeps an
    /// arena of 64 KiB or more. Those beyond it, and beyond so many bytes, keep their questions,
    /// and begin again from their bytes once these are answered.
    static constexpr std::size_t kSuspendedMax = 256;
    static constexpr std::size_t kSuspendedBytesMax = 32'000'000;

private:
    struct Epoch;
    struct Place;
    class InPlace;

    Mapped start(const log::Record& record, std::unique_ptr<Place> place);
    std::optional<std::vector<Row>> advance(Place& place);
    bool answered(Place& place);
    bool may_keep(const Place& place, std::size_t bytes) const;
    void leave_epoch();

    SchemaLookups schemas_;
    RemoteLookups remote_adapters_;
    Lookups lookups_;
    Worker worker_;
    Tally tally_;
    std::int64_t now_ms_;
    std::atomic<std::size_t> suspended_ = 0, suspended_bytes_ = 0;
    std::atomic<bool> interrupted_ = false;
    std::shared_ptr<Epoch> epoch_;  // of the records that begin now
    std::unique_ptr<Place> spare_;  // for the next record
};

}  // namespace snowline::enricher
