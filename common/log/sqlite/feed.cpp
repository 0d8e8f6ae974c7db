#include "common/log/sqlite/feed.h"

#include "common/log/sqlite/format.h"
#include "common/log/sqlite/record_codec.h"

#include <algorithm>
#include <iterator>
#include <thread>

namespace snowline::log::sqlite {
namespace {

// Commits of other processes cannot wake this one: poll soon after records came, then less often.
constexpr std::chrono::milliseconds kPauseMin{2};
constexpr std::chrono::milliseconds kPauseMax{50};

}  // namespace

Feed::Feed(const std::filesystem::path& directory, const std::vector<std::string>& topics,
           std::shared_ptr<Wakeup> wakeup)
    : wakeup_(std::move(wakeup)), pause_(kPauseMin) {
    for (const Writer& writer : kWriters) {
        files_.push_back(std::make_unique<FileReader>(directory, writer));
        for (const std::string& topic : topics) {
            sources_.push_back({.file = files_.back().get(),
                                .topic = topic,
                                .partition = writer.partition,
                                .offset = 0});
        }
    }
}

Result<std::vector<Record>, Failure> Feed::take(const PollLimits& limits) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + limits.wait;
    for (;;) {
        const std::uint64_t seen = wakeup_ ? wakeup_->commits() : 0;
        auto records = take_now(limits);
        if (!records || !records->empty()) {
            pause_ = kPauseMin;
            return records;
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) return records;
        if (wakeup_) {
            wakeup_->wait(seen, left);
        } else {
            std::this_thread::sleep_for(std::min(left, pause_));
            pause_ = std::min(pause_ * 2, kPauseMax);
        }
    }
}

Result<std::vector<Record>, Failure> Feed::take_now(const PollLimits& limits) {
    std::vector<Record> records;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        if (records.size() >= limits.records_max || bytes >= limits.bytes_max) break;
        Source& source = sources_[(first_ + i) % sources_.size()];
        if (source.is_paused || source.offset >= source.until) continue;
        auto page =
            source.file->page(source.topic, source.offset, limits.records_max - records.size(),
                              limits.bytes_max - bytes);
        if (!page) return page;
        if (page->empty()) continue;
        source.offset = page->back().offset + 1;
        std::erase_if(*page, [&](const Record& record) { return record.offset >= source.until; });
        for (const Record& record : *page) bytes += size_of(record);
        std::move(page->begin(), page->end(), std::back_inserter(records));
    }
    if (!sources_.empty()) first_ = (first_ + 1) % sources_.size();
    return records;
}

void Feed::keep(const std::vector<std::int32_t>& partitions) {
    std::erase_if(sources_, [&](const Source& source) {
        return std::find(partitions.begin(), partitions.end(), source.partition) ==
               partitions.end();
    });
}

std::vector<Offsets::Next> Feed::next() const {
    std::vector<Offsets::Next> next;
    for (const Source& source : sources_) {
        next.push_back(
            {.topic = source.topic, .partition = source.partition, .offset = source.offset});
    }
    return next;
}

void Feed::seek(const Offsets::Next& next) {
    for (Source& source : sources_) {
        if (source.topic == next.topic && source.partition == next.partition) {
            source.offset = next.offset;
        }
    }
}

void Feed::stop_at(const Offsets::Next& end) {
    for (Source& source : sources_) {
        if (source.topic == end.topic && source.partition == end.partition) {
            source.until = end.offset;
        }
    }
}

void Feed::pause(const std::vector<TopicPartition>& partitions) {
    for (Source& source : sources_) {
        source.is_paused =
            std::find(partitions.begin(), partitions.end(),
                      TopicPartition{source.topic, source.partition}) != partitions.end();
    }
}

Result<std::vector<Offsets::Next>, Failure> Feed::ends() {
    return ask_each([](FileReader& file, const std::string& topic) { return file.end(topic); });
}

Result<std::vector<Offsets::Next>, Failure> Feed::ask_each(
    const std::function<Result<std::int64_t, Failure>(FileReader& file, const std::string& topic)>&
        ask) {
    std::vector<Offsets::Next> answers;
    for (const Source& source : sources_) {
        const auto answer = ask(*source.file, source.topic);
        if (!answer) return unexpected(answer.error());
        answers.push_back(
            {.topic = source.topic, .partition = source.partition, .offset = *answer});
    }
    return answers;
}

}  // namespace snowline::log::sqlite
