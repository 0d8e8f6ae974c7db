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

/// Reads topics from all writers' files, from given offsets on. Used by the group member and the
/// reader. One thread.
class Feed {
public:
    Feed(const std::filesystem::path& directory, const std::vector<std::string>& topics,
         std::shared_ptr<Wakeup> wakeup);

    /// The next records of each topic and file in order; empty after `limits.wait` without any.
    Result<std::vector<Record>, Failure> take(const PollLimits& limits);

    /// Drops all partitions but these.
    void keep(const std::vector<std::int32_t>& partitions);
    /// Calls `ask` for each topic and file; the results are in the order of `next`.
    Result<std::vector<Offsets::Next>, Failure> ask_each(
        const std::function<Result<std::int64_t, Failure>(FileReader& file,
                                                          const std::string& topic)>& ask);

    /// The offset of the next record to read, for each topic and file.
    std::vector<Offsets::Next> next() const;
    void seek(const Offsets::Next& next);
    /// Returns no records of the partition from this offset on.
    void stop_at(const Offsets::Next& end);
    /// Returns no records of these partitions until the next call.
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
    std::size_t first_ = 0;  // the source that the next `take` begins with
    std::shared_ptr<Wakeup> wakeup_;
    std::chrono::milliseconds pause_;
};

}  // namespace snowline::log::sqlite
