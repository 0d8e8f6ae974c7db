#pragma once

#include "common/log/log.h"

namespace snowline::collector {

/// The sink `stdout`: records of the good stream as base64, one a line, on standard output; a
/// producer for the bad ones, on standard error. For trying things out and for pipes.
class LineSink : public log::DurableProducer {
public:
    enum class Output { kStandardOutput, kStandardError };
    explicit LineSink(Output output) : output_(output) {}

    std::optional<std::int32_t> place(const std::string&, std::optional<std::string_view>,
                                      std::size_t) override {
        return std::nullopt;
    }
    void send(log::Record record, Reported reported) override;
    /// There is nothing to wait for: a line is written, or not, when `send` returns.
    Result<void, log::Failure> flush(std::chrono::milliseconds) override { return {}; }
    /// Whether anybody can still read the lines.
    Result<void, log::Failure> probe(std::chrono::milliseconds) override;
    bool was_reached() const override { return true; }
    Queue queue() const override { return {}; }

private:
    int descriptor() const;

    Output output_;
};

}  // namespace snowline::collector
