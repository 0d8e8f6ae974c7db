#include "common/log/sqlite/writer_lock.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace snowline::log::sqlite {
namespace {

std::string read_pid(int descriptor) {
    std::array<char, 32> text{};
    const ssize_t length = ::pread(descriptor, text.data(), text.size(), 0);
    std::string pid(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    pid.erase(pid.find_last_not_of("\n ") + 1);
    return pid;
}

/// What the disk has, not what somebody has configured.
bool is_of_the_disk(int error) {
    return error == EROFS || error == ENOSPC || error == EDQUOT || error == EIO;
}

Failure refused(const std::filesystem::path& path, const std::string& why) {
    return {.reason = Reason::kRefused, .message = path.string() + ": " + why};
}

}  // namespace

Result<WriterLock, Failure> WriterLock::take(const std::filesystem::path& path) {
    WriterLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (lock.descriptor_ < 0) {
        Failure failure = refused(path, std::strerror(errno));
        if (is_of_the_disk(errno)) failure.reason = Reason::kUnavailable;
        return unexpected(failure);
    }
    // flock belongs to the open file, so a second writer in this process is refused too.
    if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return unexpected(refused(path, std::strerror(errno)));
        return unexpected(refused(path, "process " + read_pid(lock.descriptor_) +
                                            " writes here; stop it, or use another directory"));
    }
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(lock.descriptor_, 0) != 0 ||
        ::pwrite(lock.descriptor_, pid.data(), pid.size(), 0) < 0) {
        // The disk is full: the lock is held, only its file does not name the pid.
        return lock;
    }
    return lock;
}

WriterLock::WriterLock(WriterLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

WriterLock::~WriterLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace snowline::log::sqlite
