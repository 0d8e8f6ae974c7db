#pragma once

#include "common/log/sqlite/file_reader.h"
#include "common/log/sqlite/wakeup.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace snowline::log::sqlite {

/// Goes through topics in all writers' files, from given offsets on: what a hop and a reader have
/// in common. One thread.
class Feed {
public:
    Feed(const std::filesystem::path& directory, const std::vector<std::string>& topics,
         std::shared_ptr<Wakeup> wakeup);

    /// The next records of each topic and file in order; empty after `limits.wait` without any.
    Result<std::vector<Record>, Failure> take(const PollLimits& limits);

    /// Where each topic's and file's next record is read from.
    std::vector<Bookmark::Next> next() const;
    void seek(const Bookmark::Next& next);
    /// These give nothing until the next call.
    void hold(const std::vector<TopicPartition>& partitions);
    /// The offsets that the next records to be written will get.
    Result<std::vector<Bookmark::Next>, Failure> ends();

private:
    struct Source {
        FileReader* file;
        std::string topic;
        std::int32_t partition;
        std::int64_t offset;
        bool is_held = false;
    };

    Result<std::vector<Record>, Failure> take_now(const PollLimits& limits);

    std::vector<std::unique_ptr<FileReader>> files_;
    std::vector<Source> sources_;
    std::size_t first_ = 0;  // the source whose turn it is
    std::shared_ptr<Wakeup> wakeup_;
    std::chrono::milliseconds pause_;
};

}  // namespace snowline::log::sqlite
