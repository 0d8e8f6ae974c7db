#include "common/log/sqlite/embedded.h"
#include "common/log/sqlite/feed.h"
#include "common/log/sqlite/format.h"
#include "common/log/sqlite/log_file.h"

#include <algorithm>
#include <utility>

namespace snowline::log::sqlite {
namespace {

constexpr std::int64_t kTrimRecordsMin = 500;

/// A new member would find the same file broken, so the program has to end: kRefused.
Failure ending(Failure failure, const std::filesystem::path& directory) {
    if (failure.reason != Reason::kBroken) return failure;
    failure = told_to_repair(std::move(failure), directory);
    failure.reason = Reason::kRefused;
    return failure;
}

class EmbeddedMember final : public GroupMember {
public:
    EmbeddedMember(LogFile file, Feed feed, std::filesystem::path directory, std::string group,
                   WriterOptions options)
        : file_(std::move(file)),
          directory_(std::move(directory)),
          feed_(std::move(feed)),
          group_(std::move(group)),
          options_(std::move(options)) {}

    /// Registers the group as the directory's reader and moves to its positions.
    Result<void, Failure> prepare();

    Result<Batch, Failure> poll(const PollLimits& limits) override {
        auto records = feed_.take(limits);
        if (!records) return unexpected(ending(records.error(), directory_));
        Batch batch{.records = std::move(*records),
                    .offsets = {.next = {}, .generation = generation_}};
        if (!batch.records.empty()) batch.offsets.next = feed_.next();
        return batch;
    }

    Result<void, Failure> commit(const Offsets& offsets, std::vector<Record> records) override;

    Result<void, Failure> keep_alive() override { return {}; }

    const std::vector<Offsets::Next>& committed() const override { return began_; }
    void pause(std::vector<TopicPartition> partitions) override { feed_.pause(partitions); }
    Result<void, Failure> seek(const std::vector<Offsets::Next>& to) override;

    Result<std::vector<PartitionLag>, Failure> lags() override;

private:
    Result<void, Failure> write(const Offsets& offsets, const std::vector<Record>& outputs);
    void begin_generation();
    std::optional<std::int64_t> keep_from(const std::string& topic) const;

    LogFile file_;
    std::filesystem::path directory_;
    Feed feed_;
    std::string group_;
    WriterOptions options_;
    std::vector<Offsets::Next> committed_, began_;  // now, and when the generation began
    std::vector<Offsets::Next> sought_;             // by `seek`, and not committed since
    std::uint64_t generation_ = 1;
    Statement save_position_;
};

bool is_same_place(const Offsets::Next& one, const Offsets::Next& other) {
    return one.partition == other.partition && one.topic == other.topic;
}

// Adds the column to files of versions without notes.
Result<void, Failure> add_notes(Database& database) {
    const auto there = database.query_integer(
        "SELECT count(*) FROM pragma_table_info('position') WHERE name='note'");
    if (!there) return unexpected(there.error());
    if (*there > 0) return {};
    return database.execute("ALTER TABLE position ADD COLUMN note TEXT NOT NULL DEFAULT ''");
}

Result<void, Failure> EmbeddedMember::prepare() {
    Database& database = file_.database();
    if (auto added = add_notes(database); !added) return added;
    auto save = database.prepare(
        "INSERT INTO position(hop, topic, partition, next_offset, note) VALUES(?1,?2,?3,?4,?5)"
        " ON CONFLICT(hop, topic, partition)"
        " DO UPDATE SET next_offset=excluded.next_offset, note=excluded.note");
    if (!save) return unexpected(save.error());
    save_position_ = std::move(*save);

    if (auto begun = file_.begin(); !begun) return begun;
    if (auto cleared = database.execute("DELETE FROM reading"); !cleared) return cleared;
    auto reading = database.prepare("INSERT INTO reading(hop) VALUES(?1)");
    if (!reading) return unexpected(reading.error());
    if (auto done = reading->bind_text(1, group_).run(); !done) return done;
    for (const auto& next : feed_.next()) {
        auto find = database.prepare(
            "SELECT next_offset, note FROM position WHERE hop=?1 AND topic=?2 AND partition=?3");
        if (!find) return unexpected(find.error());
        find->bind_text(1, group_).bind_text(2, next.topic).bind(3, next.partition);
        const auto row = find->step();
        if (!row) return unexpected(row.error());
        auto position = next;
        if (*row) {
            position.offset = find->integer(0);
            position.note = find->bytes(1).value_or("");
        }
        find->reset();
        feed_.seek(position);
        committed_.push_back(position);
        // Saved even for the first offset, so that no writer trims records that were not read.
        save_position_.bind_text(1, group_).bind_text(2, position.topic);
        save_position_.bind(3, position.partition).bind(4, position.offset);
        save_position_.bind_text(5, position.note);
        if (auto done = save_position_.run(); !done) return done;
    }
    began_ = committed_;
    return file_.commit();
}

Result<void, Failure> EmbeddedMember::commit(const Offsets& offsets, std::vector<Record> records) {
    if (offsets.generation != generation_) {
        return unexpected(
            Failure{Reason::kStale, "an earlier commit failed; the batch will be polled again"});
    }
    if (auto written = write(offsets, records); !written) {
        file_.roll_back();
        begin_generation();
        return unexpected(ending(written.error(), directory_));
    }
    for (const auto& next : offsets.next) {
        for (auto& committed : committed_) {
            if (is_same_place(committed, next)) {
                committed.offset = next.offset;
                committed.note = next.note;
            }
        }
        std::erase_if(sought_, [&](const auto& sought) { return is_same_place(sought, next); });
    }
    if (options_.wakeup) options_.wakeup->notify();
    return {};
}

/// Records of open batches will be polled again.
void EmbeddedMember::begin_generation() {
    for (const auto& next : committed_) feed_.seek(next);
    for (const auto& next : sought_) feed_.seek(next);
    began_ = committed_;
    feed_.pause({});
    ++generation_;
}

Result<void, Failure> EmbeddedMember::seek(const std::vector<Offsets::Next>& to) {
    const auto ends = feed_.ends();
    if (!ends) return unexpected(ends.error());
    std::vector<Offsets::Next> places;
    for (const auto& next : to) {
        const auto end = std::find_if(ends->begin(), ends->end(),
                                      [&](const auto& one) { return is_same_place(one, next); });
        if (end == ends->end()) {
            return unexpected(
                Failure{Reason::kStale, "partition " + std::to_string(next.partition) +
                                            " of topic " + next.topic + " is not this member's"});
        }
        places.push_back(next);
        if (next.offset > end->offset) places.back().offset = 0;
    }
    for (const auto& next : places) {
        std::erase_if(sought_, [&](const auto& sought) { return is_same_place(sought, next); });
        sought_.push_back(next);
    }
    begin_generation();
    return {};
}

Result<std::vector<PartitionLag>, Failure> EmbeddedMember::lags() {
    const auto ends = feed_.ends();
    if (!ends) return unexpected(ends.error());
    std::vector<PartitionLag> lags;
    for (std::size_t i = 0; i < ends->size(); ++i) {  // both in the order of the feed's sources
        const Offsets::Next& end = (*ends)[i];
        const std::int64_t committed = committed_[i].offset;
        lags.push_back({.of = {end.topic, end.partition},
                        .committed = committed,
                        .end = std::max(end.offset, committed)});
    }
    return lags;
}

Result<void, Failure> EmbeddedMember::write(const Offsets& offsets,
                                            const std::vector<Record>& outputs) {
    if (auto begun = file_.begin(); !begun) return begun;
    // Output rows are never refused for lack of room: trimming goes by age and size only.
    const auto steps = std::max(kTrimRecordsMin, static_cast<std::int64_t>(outputs.size()) * 2);
    const auto trimmed = file_.trim(
        options_.retention, [this](const std::string& topic) { return keep_from(topic); }, steps);
    if (!trimmed) return unexpected(trimmed.error());
    for (const Record& record : outputs) {
        if (auto offset = file_.append(record); !offset) return unexpected(offset.error());
    }
    for (const auto& next : offsets.next) {
        save_position_.bind_text(1, group_).bind_text(2, next.topic);
        save_position_.bind(3, next.partition).bind(4, next.offset).bind_text(5, next.note);
        if (auto saved = save_position_.run(); !saved) return saved;
    }
    return file_.commit();
}

std::optional<std::int64_t> EmbeddedMember::keep_from(const std::string& topic) const {
    for (const auto& next : committed_) {
        if (next.topic == topic && next.partition == file_.partition()) return next.offset;
    }
    return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<GroupMember>, Failure> join_group(
    const std::filesystem::path& directory, const std::string& group,
    const std::vector<std::string>& input_topics, const WriterOptions& options) {
    auto file = LogFile::open(directory, kEnricher);
    if (!file) return unexpected(ending(file.error(), directory));
    auto member = std::make_unique<EmbeddedMember>(
        std::move(*file), Feed(directory, input_topics, options.wakeup), directory, group, options);
    if (auto ready = member->prepare(); !ready) {
        return unexpected(ending(ready.error(), directory));
    }
    return member;
}

}  // namespace snowline::log::sqlite
