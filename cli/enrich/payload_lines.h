#pragma once

#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace snowline::cli {

/// Reads the lines of a file or of standard input (`-`), plain or gzip, whatever its name, in
/// pieces: memory is bounded by the longest line.
class PayloadLines {
public:
    /// The error says which file, and why.
    static Result<std::unique_ptr<PayloadLines>> open(const std::string& file);
    ~PayloadLines();

    /// Longer lines cannot be records of a log.
    static constexpr std::size_t kLineBytesMax = 16 << 20;

    enum class Next { kLine, kTooLong, kEnd };
    /// Reads the next line into `line()`, without its line end; skips one that is too long
    /// (kTooLong). Fails where the file cannot be read, or its gzip is damaged or truncated.
    Result<Next> next();
    const std::string& line() const { return line_; }

    std::size_t number() const { return number_; }  // of the line that was read last, from 1
    /// The part of the file that was read, in stored bytes; 0 to 1. nullopt where its size is
    /// unknown.
    std::optional<double> share_read() const;

private:
    struct File;
    explicit PayloadLines(std::unique_ptr<File> file, std::uint64_t bytes);
    Result<bool> fill();

    std::unique_ptr<File> file_;
    std::uint64_t bytes_;  // 0: unknown
    std::string buffer_;
    std::size_t begin_ = 0, end_ = 0;  // of what is in the buffer and not yet given
    std::string line_;
    std::size_t number_ = 0;
};

}  // namespace snowline::cli
