#pragma once

#include <cstdint>

namespace snowline::collector::net {

/// Whether a thread gets the processor when it has work: not so in a container with a share of one,
/// or on a machine that has too few. Linux counts it (schedstat); where it does not, it gets it.
/// Only on the thread that made it.
class ProcessorWait {
public:
    ProcessorWait();
    ~ProcessorWait();
    ProcessorWait(const ProcessorWait&) = delete;
    ProcessorWait& operator=(const ProcessorWait&) = delete;

    /// Of the time since the last call in which it had work, the part in which it waited: 0 to 1.
    double take();

private:
    struct Times {
        std::int64_t ran_ns = 0, waited_ns = 0;
    };
    Times read() const;

    int file_;
    Times last_;
};

}  // namespace snowline::collector::net
