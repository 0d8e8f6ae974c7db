#include "collector/delivery/stdout_sink.h"

#include "common/text/base64.h"

#include <cerrno>
#include <cstring>
#include <mutex>

#include <poll.h>
#include <unistd.h>

namespace snowline::collector {
namespace {

/// One mutex for both streams: lines are not interleaved even where both go to one terminal.
std::mutex& writing() {
    static std::mutex mutex;
    return mutex;
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

void LineSink::send(log::Record record, Reported reported) {
    std::string line = text::encode_base64(record.value);
    line += '\n';
    bool written = false;
    {
        const std::lock_guard lock(writing());
        written = write_all(descriptor(), line);
    }
    if (written) {
        reported(log::Position{.partition = 0, .offset = 0});
    } else {
        reported(unexpected(log::Failure{
            .reason = log::Reason::kUnavailable,
            .message = std::string("cannot write the record: ") + std::strerror(errno),
        }));
    }
}

Result<void, log::Failure> LineSink::probe(std::chrono::milliseconds) {
    pollfd asked{.fd = descriptor(), .events = POLLOUT, .revents = 0};
    const bool is_gone =
        ::poll(&asked, 1, 0) < 0 || (asked.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    if (!is_gone) return {};
    return unexpected(log::Failure{log::Reason::kUnavailable, "nobody reads the lines any more"});
}

int LineSink::descriptor() const {
    return output_ == Output::kStandardOutput ? STDOUT_FILENO : STDERR_FILENO;
}

}  // namespace snowline::collector
