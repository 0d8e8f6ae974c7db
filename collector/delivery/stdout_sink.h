#pragma once

#include "common/log/log.h"

namespace snowline::collector {

/// The sink `stdout`: records of the good stream as base64 lines on standard output; another
/// producer for the bad ones, on standard error. For experiments and pipes.
class LineSink : public log::DurableProducer {
public:
    enum class Output { kStandardOutput, kStandardError };
    explicit LineSink(Output output) : output_(output) {}

    std::optional<std::int32_t> place(const std::string&, std::optional<std::string_view>,
                                      std::size_t) override {
        return std::nullopt;
    }
    void send(log::Record record, Reported reported) override;
    /// Returns at once: `send` blocks until the line is written or has failed.
    Result<void, log::Failure> flush(std::chrono::milliseconds) override { return {}; }
    /// Fails where the reader of the pipe is gone.
    Result<void, log::Failure> probe(std::chrono::milliseconds) override;
    bool was_reached() const override { return true; }
    Queue queue() const override { return {}; }

private:
    int descriptor() const;

    Output output_;
};

}  // namespace snowline::collector
