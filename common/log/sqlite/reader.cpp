#include "common/log/sqlite/embedded.h"
#include "common/log/sqlite/feed.h"

#include <utility>

namespace snowline::log::sqlite {
namespace {

class EmbeddedReader final : public Reader {
public:
    EmbeddedReader(Feed feed, std::vector<Bookmark::Next> ends)
        : feed_(std::move(feed)), ends_(std::move(ends)) {}

    Result<std::vector<Record>, Failure> read(const PollLimits& limits) override {
        auto records = feed_.take(limits);
        // Nothing left at all: what lies between here and the old end was trimmed.
        if (records) caught_up_ = caught_up_ || records->empty() || reached_ends();
        return records;
    }

    bool caught_up() const override { return caught_up_ || reached_ends(); }

private:
    bool reached_ends() const {
        const auto next = feed_.next();  // of the same sources, in the same order
        for (std::size_t i = 0; i < ends_.size(); ++i) {
            if (next[i].offset < ends_[i].offset) return false;
        }
        return true;
    }

    Feed feed_;
    std::vector<Bookmark::Next> ends_;
    bool caught_up_ = false;
};

}  // namespace

Result<std::unique_ptr<Reader>, Failure> open_reader(const std::filesystem::path& directory,
                                                     const std::vector<std::string>& topics,
                                                     From from, std::shared_ptr<Wakeup> wakeup) {
    Feed feed(directory, topics, std::move(wakeup));
    auto ends = feed.ends();
    if (!ends) return unexpected(ends.error());
    if (from == From::kEnd) {
        for (const auto& end : *ends) feed.seek(end);
    }
    return std::make_unique<EmbeddedReader>(std::move(feed), std::move(*ends));
}

}  // namespace snowline::log::sqlite
