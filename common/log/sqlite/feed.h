#pragma once

#include "common/log/sqlite/file_reader.h"
#include "common/log/sqlite/wakeup.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace snowline::log::sqlite {

/// Goes through topics in all writers' files, from given offsets on: what a group and a reader have
/// in common. One thread.
class Feed {
public:
    Feed(const std::filesystem::path& directory, const std::vector<std::string>& topics,
         std::shared_ptr<Wakeup> wakeup);

    /// The next records of each topic and file in order; empty after `limits.wait` without any.
    Result<std::vector<Record>, Failure> take(const PollLimits& limits);

    /// Forgets all partitions but these.
    void keep(const std::vector<std::int32_t>& partitions);
    /// What `ask` gives for each topic and file, in the order of `next`.
    Result<std::vector<Offsets::Next>, Failure> ask_each(
        const std::function<Result<std::int64_t, Failure>(FileReader& file,
                                                          const std::string& topic)>& ask);

    /// Where each topic's and file's next record is read from.
    std::vector<Offsets::Next> next() const;
    void seek(const Offsets::Next& next);
    /// Nothing from this offset on.
    void stop_at(const Offsets::Next& end);
    /// These give nothing until the next call.
    void pause(const std::vector<TopicPartition>& partitions);
    /// The offsets that the next records to be written will get.
    Result<std::vector<Offsets::Next>, Failure> ends();

private:
    struct Source {
        FileReader* file;
        std::string topic;
        std::int32_t partition;
        std::int64_t offset;
        std::int64_t until = std::numeric_limits<std::int64_t>::max();
        bool is_paused = false;
    };

    Result<std::vector<Record>, Failure> take_now(const PollLimits& limits);

    std::vector<std::unique_ptr<FileReader>> files_;
    std::vector<Source> sources_;
    std::size_t first_ = 0;  // the source whose turn it is
    std::shared_ptr<Wakeup> wakeup_;
    std::chrono::milliseconds pause_;
};

}  // namespace snowline::log::sqlite
