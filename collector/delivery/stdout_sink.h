#pragma once

#include "common/log/log.h"

namespace snowline::collector {

/// The sink `stdout`: records of the good stream as base64, one a line, on standard output; a
/// producer for the bad ones, on standard error. For trying things out and for pipes.
class LineSink : public log::Producer {
public:
    enum class Output { kStandardOutput, kStandardError };
    explicit LineSink(Output output) : output_(output) {}

    void send(log::Record record, Reported reported) override;
    Result<void, log::Failure> flush(std::chrono::milliseconds at_most) override;

private:
    Output output_;
};

}  // namespace snowline::collector
