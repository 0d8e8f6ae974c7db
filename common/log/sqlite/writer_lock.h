#pragma once

#include "common/log/log.h"

#include <filesystem>

namespace snowline::log::sqlite {

/// An exclusive lock on a file, so that it has one writer on this machine. Held until destruction
/// or the end of the process; the lock file stays and names the last holder's pid.
class WriterLock {
public:
    /// kRefused where it is held; the message names the holder's pid. kUnavailable where the disk
    /// is read-only, full or broken.
    static Result<WriterLock, Failure> take(const std::filesystem::path& path);

    WriterLock(WriterLock&& other) noexcept;
    WriterLock& operator=(WriterLock&& other) = delete;
    ~WriterLock();

private:
    explicit WriterLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace snowline::log::sqlite
