#pragma once

#include "common/log/log.h"

#include <filesystem>

namespace snowline::log::sqlite {

/// There is one writer of a file in the world. Held until destruction or the end of the process;
/// the lock file stays and names the last holder's pid.
class WriterLock {
public:
    /// kRefused, with the pid of the holder, where there is one.
    static Result<WriterLock, Failure> take(const std::filesystem::path& path);

    WriterLock(WriterLock&& other) noexcept;
    WriterLock& operator=(WriterLock&& other) = delete;
    ~WriterLock();

private:
    explicit WriterLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace snowline::log::sqlite
