#include "enricher/run/batch_mapper.h"

#include "common/clock.h"
#include "common/log/log.h"

#include <algorithm>
#include <exception>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

// Between two looks whether answers have landed.
constexpr std::chrono::milliseconds kLookForAnswers{1};

// Where a row that failed came from, so that it can be replayed without loss and without doubling.
// The raw record's own headers are anybody's: one of each name, and none that is longer than an id.
void add_origin(const log::Record& origin, const Row& row, std::vector<log::Header>& headers) {
    headers.push_back({"snowline-origin-topic", origin.topic});
    headers.push_back({"snowline-origin-partition", fmt::to_string(origin.partition)});
    headers.push_back({"snowline-origin-offset", fmt::to_string(origin.offset)});
    headers.push_back({"snowline-origin-index", fmt::to_string(row.index)});
    for (const std::string_view name : {"snowline-id", "traceparent"}) {
        const auto found =
            std::find_if(origin.headers.begin(), origin.headers.end(), [&](const auto& header) {
                return header.name == name && header.value.size() <= kOriginIdBytesMax;
            });
        if (found != origin.headers.end()) headers.push_back(*found);
    }
}

log::Record to_record(Row row, const log::Record& origin, const Outputs& outputs) {
    const Output& output = outputs[row.output];
    log::Record record{.topic = output.topic, .key = std::move(row.key)};
    record.headers = std::move(row.headers);
    if (output.stream == Stream::kBad || output.stream == Stream::kFailed) {
        add_origin(origin, row, record.headers);
    }
    record.value = std::move(row.value);
    return record;
}

}  // namespace

BatchMapper::BatchMapper(std::vector<std::unique_ptr<RecordMapper>> mappers, MappingOptions options)
    : mappers_(std::move(mappers)), options_(std::move(options)), pool_(mappers_.size()) {}

// Workers share nothing but the flags that say which partition waits, and who takes which task.
void BatchMapper::start(OpenBatch& batch) {
    const std::int64_t now = now_ms();
    for (const auto& mapper : mappers_) mapper->refresh(now);
    make_tasks(batch, mappers_.size(), options_.rows_bytes);
    next_task_ = 0;
    rows_bytes_ = 0;
    begun_ = 0;
    is_full_ = false;
    began_ = Clock::now();
    working_.assign(mappers_.size(), {});
    pool_.start([this, &batch](std::size_t worker) { work(worker, batch); });
}

void BatchMapper::finish(OpenBatch& batch) const {
    batch.mapping = Clock::now() - began_;
    batch.working = *std::max_element(working_.begin(), working_.end());
}

void BatchMapper::leave() {
    leaves_ = true;
    for (const auto& mapper : mappers_) mapper->interrupt();
}

// One worker with one batch: what it counts is told to the segments whose records it maps.
class BatchMapper::Worker {
public:
    Worker(RecordMapper& its_mapper, std::size_t its_number)
        : mapper(its_mapper), number(its_number) {}
    ~Worker() { tell(); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void comes_to(Segment& segment) {
        if (segment_ == &segment) return;
        tell();
        segment_ = &segment;
    }

    RecordMapper& mapper;
    const std::size_t number;

private:
    void tell() {
        if (segment_ == nullptr) return;
        auto& tally = segment_->tallies[number];
        if (tally) {
            tally->merge(mapper.take_tally());
        } else {
            tally = mapper.take_tally();
        }
    }

    Segment* segment_ = nullptr;  // of the records that the mapper counted last
};

// Every record runs until it is done or asks; what is asked is looked up meanwhile.
void BatchMapper::work(std::size_t number, OpenBatch& batch) {
    using enum SuspendedRecord::Waits;
    Worker worker(*mappers_[number], number);
    std::vector<OpenBatch::Task> asking;
    const auto note = [&](const OpenBatch::Task& task) {
        const auto& suspended = task.item->suspended;
        if (suspended != nullptr && suspended->waits() == kForAnswers) asking.push_back(task);
    };
    for (const OpenBatch::Task& task : batch.suspended[number]) {
        if (given_up_ || leaves_) return;
        // Those whose answers take long have had their patience.
        const bool was_answered = task.item->suspended->waits() == kForNothing;
        map_item(task, worker);
        if (was_answered) note(task);
    }
    for (std::size_t i = next_task_++; i < batch.tasks.size(); i = next_task_++) {
        const OpenBatch::Task& task = batch.tasks[i];
        if (*task.waits || given_up_ || leaves_ || !may_begin(task)) continue;
        map_item(task, worker);
        note(task);
    }
    working_[number] = Clock::now() - began_;
    wait_for_answers(std::move(asking), worker);
}

// A segment that is begun is ended, since it cannot be committed in parts.
bool BatchMapper::may_begin(const OpenBatch::Task& task) {
    std::size_t begun = begun_;
    if (task.number <= begun) return true;
    if (rows_bytes_ >= options_.rows_bytes) {
        is_full_ = true;
        return false;
    }
    while (begun < task.number && !begun_.compare_exchange_weak(begun, task.number)) {
    }
    return true;
}

void BatchMapper::wait_for_answers(std::vector<OpenBatch::Task> asking, Worker& worker) {
    using enum SuspendedRecord::Waits;
    const auto until = began_ + options_.patience;
    while (!asking.empty() && !given_up_ && !leaves_) {
        std::erase_if(asking, [&](const OpenBatch::Task& task) {
            const auto& suspended = task.item->suspended;
            if (suspended->waits() == kForAnswers) return false;
            const auto began = Clock::now();
            map_item(task, worker);
            working_[worker.number] += Clock::now() - began;
            return suspended == nullptr || suspended->waits() == kForOutage;
        });
        if (asking.empty() || Clock::now() >= until) return;
        std::this_thread::sleep_for(kLookForAnswers);
    }
}

// Begins, or goes on.
void BatchMapper::map_item(const OpenBatch::Task& task, Worker& worker) {
    Item& item = *task.item;
    RecordMapper& mapper = worker.mapper;
    worker.comes_to(*task.segment);
    std::vector<log::Record> outputs;
    const auto add = [&](std::vector<Row> rows) {
        for (Row& row : rows)
            outputs.push_back(to_record(std::move(row), item.record, options_.outputs));
    };
    try {
        Mapped mapped = item.suspended ? mapper.go_on(item.record, std::move(item.suspended))
                                       : mapper.map(item.record);
        if (auto* suspended = std::get_if<std::unique_ptr<SuspendedRecord>>(&mapped)) {
            item.suspended = std::move(*suspended);
            item.worker = worker.number;
            if (item.suspended == nullptr) *task.waits = true;
            return;
        }
        add(std::get<std::vector<Row>>(std::move(mapped)));
    } catch (const std::exception& broken) {
        outputs.clear();
        add(mapper.broken(item.record, broken.what()));
    }
    for (const log::Record& output : outputs) item.rows_bytes += log::record_bytes(output);
    rows_bytes_ += item.rows_bytes;
    item.rows = std::move(outputs);
}

}  // namespace snowline::enricher
