#include "common/log/range.h"
#include "common/log/sqlite/embedded.h"
#include "common/log/sqlite/feed.h"
#include "common/log/sqlite/format.h"

#include <algorithm>
#include <utility>

namespace snowline::log::sqlite {
namespace {

using Places = std::vector<Offsets::Next>;  // of each topic and file, in the feed's order

constexpr std::int64_t kNowhere = -1;

class EmbeddedReader final : public Reader {
public:
    /// `has_end`: reading stops at `ends`.
    EmbeddedReader(Feed feed, Places ends, bool has_end)
        : feed_(std::move(feed)), ends_(std::move(ends)), has_end_(has_end) {}

    Result<std::vector<Record>, Failure> read(const PollLimits& limits) override {
        if (has_end_ && caught_up()) return std::vector<Record>();
        auto records = feed_.take(limits);
        // No records are left: those before the old end were trimmed.
        if (records) caught_up_ = caught_up_ || records->empty() || reached_ends();
        return records;
    }

    bool caught_up() const override { return caught_up_ || reached_ends(); }

private:
    bool reached_ends() const {
        const auto next = feed_.next();
        for (std::size_t i = 0; i < ends_.size(); ++i) {
            if (next[i].offset < ends_[i].offset) return false;
        }
        return true;
    }

    Feed feed_;
    Places ends_;
    bool has_end_;
    bool caught_up_ = false;
};

/// Checks that the partitions exist, and that there is only one where an offset is given.
Result<void, Failure> check(const Range& range, Feed& feed) {
    for (const std::int32_t partition : range.partitions.value_or(std::vector<std::int32_t>())) {
        const auto is_it = [&](const Writer& writer) { return writer.partition == partition; };
        if (std::any_of(kWriters.begin(), kWriters.end(), is_it)) continue;
        return unexpected(no_partition(range.topics.front(), partition));
    }
    if (!names_offset(range)) return {};
    if (range.partitions) return one_partition(range, range.partitions->size());
    // The partitions in which the topic has or had records.
    const auto found = feed.ask_each([](FileReader& file, const std::string& topic) {
        return file.has(topic).map([](bool has) { return std::int64_t{has ? 1 : 0}; });
    });
    if (!found) return unexpected(found.error());
    const auto count = std::count_if(found->begin(), found->end(),
                                     [](const auto& place) { return place.offset != 0; });
    return one_partition(range, static_cast<std::size_t>(count));
}

/// The offsets of the first records of that time.
Result<Places, Failure> places_at(Feed& feed, const Places& ends, Range::Time time) {
    auto places = feed.ask_each([&](FileReader& file, const std::string& topic) {
        return file.first_at(topic, time.ms).map([](const std::optional<std::int64_t>& first) {
            return first.value_or(kNowhere);
        });
    });
    if (!places) return places;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        auto& offset = (*places)[i].offset;
        offset = offset == kNowhere ? ends[i].offset : std::min(offset, ends[i].offset);
    }
    return places;
}

/// The offsets of one bound of a range.
template <class Bound>
Result<Places, Failure> resolve(const Bound& bound, Feed& feed, const Places& ends) {
    if (const auto* time = std::get_if<Range::Time>(&bound)) return places_at(feed, ends, *time);
    Places places = ends;
    for (auto& place : places) place.offset = offset_of(bound, 0, place.offset);
    return places;
}

}  // namespace

Result<std::unique_ptr<Reader>, Failure> open_reader(const std::filesystem::path& directory,
                                                     const Range& range,
                                                     std::shared_ptr<Wakeup> wakeup) {
    Feed feed(directory, range.topics, std::move(wakeup));
    if (auto checked = check(range, feed); !checked) return unexpected(checked.error());
    if (range.partitions) feed.keep(*range.partitions);
    auto ends = feed.ends();
    if (!ends) return unexpected(ends.error());
    const auto begins = resolve(range.from, feed, *ends);
    if (!begins) return unexpected(begins.error());
    for (const auto& begin : *begins) feed.seek(begin);
    if (range.until) {
        ends = resolve(*range.until, feed, *ends);
        if (!ends) return unexpected(ends.error());
        for (const auto& end : *ends) feed.stop_at(end);
    }
    return std::make_unique<EmbeddedReader>(std::move(feed), *std::move(ends),
                                            range.until.has_value());
}

}  // namespace snowline::log::sqlite
