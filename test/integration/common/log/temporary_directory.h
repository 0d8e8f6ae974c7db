#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace snowline::log::test {

/// A new, empty directory that goes with its object.
class TemporaryDirectory {
public:
    TemporaryDirectory() : TemporaryDirectory(std::filesystem::temp_directory_path()) {}
    explicit TemporaryDirectory(const std::filesystem::path& parent) {
        std::string path = (parent / "snowline-XXXXXX").string();
        if (!::mkdtemp(path.data())) throw std::runtime_error("no temporary directory");
        path_ = path;
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::filesystem::path& path() const { return path_; }

    /// In memory where there is such a place: for tests whose disk is one of their own making.
    static std::filesystem::path in_memory() {
        const std::filesystem::path shared = "/dev/shm";
        return ::access(shared.c_str(), W_OK | X_OK) == 0 ? shared
                                                          : std::filesystem::temp_directory_path();
    }

private:
    std::filesystem::path path_;
};

}  // namespace snowline::log::test
