#include "collector/net/processor_wait.h"

#include <algorithm>
#include <cstdio>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace snowline::collector::net {

ProcessorWait::ProcessorWait()
    : file_(::open(fmt::format("/proc/self/task/{}/schedstat", ::gettid()).c_str(),
                   O_RDONLY | O_CLOEXEC)),
      last_(read()) {}

ProcessorWait::~ProcessorWait() {
    if (file_ >= 0) ::close(file_);
}

double ProcessorWait::take() {
    const Times now = read();
    const auto ran = static_cast<double>(now.ran_ns - last_.ran_ns);
    const auto waited = static_cast<double>(now.waited_ns - last_.waited_ns);
    last_ = now;
    return waited > 0 ? waited / (std::max(ran, 0.0) + waited) : 0;
}

ProcessorWait::Times ProcessorWait::read() const {
    char text[128] = {};
    long long ran = 0, waited = 0;
    if (file_ < 0 || ::pread(file_, text, sizeof text - 1, 0) <= 0) return {};
    if (std::sscanf(text, "%lld %lld", &ran, &waited) != 2) return {};
    return {ran, waited};
}

}  // namespace snowline::collector::net
