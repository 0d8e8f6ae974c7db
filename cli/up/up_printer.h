#pragma once

#include "common/log/log.h"
#include "common/log/sqlite/wakeup.h"

#include <filesystem>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

namespace snowline::cli {

/// Prints good and bad rows in words as they are committed, on a thread of its own, from
/// construction to destruction; rows committed by then are printed, too.
class UpPrinter {
public:
    struct Topics {
        std::set<std::string> good, bad;
    };

    /// Throws std::runtime_error where the log cannot be read.
    UpPrinter(const std::filesystem::path& data, Topics topics,
              std::shared_ptr<log::sqlite::Wakeup> wakeup);

private:
    void run(const std::stop_token& stop);

    const Topics topics_;
    std::unique_ptr<log::Reader> reader_;
    std::jthread thread_;  // last: it is joined first
};

}  // namespace snowline::cli
