#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace snowline::collector::wire {

/// Decodes a chunked body (RFC 9112 §7.1) from bytes as they arrive. Extensions and trailers are
/// checked, counted and dropped: they never become headers.
class ChunkedBody {
public:
    enum class State : std::uint8_t { kMore, kDone, kMalformed, kTooLong };

    /// `body_bytes_max`: of the decoded body.
    explicit ChunkedBody(std::uint64_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

    /// Consumes bytes from the front of `input` and appends the decoded ones to `body`. Stops at
    /// the end of the body and at an error; `consumed` is the number of bytes taken.
    State feed(std::string_view input, std::string& body, std::size_t& consumed);

private:
    enum class Part : std::uint8_t { kSize, kData, kDataEnd, kTrailer, kDone };

    State take_line(std::string_view line);
    State take_size(std::string_view line);

    std::uint64_t body_bytes_max_;
    std::uint64_t left_in_chunk_ = 0;
    std::uint64_t extra_bytes_ = 0;  // of all extensions and trailers
    std::string line_;               // of an unfinished size or trailer line
    Part part_ = Part::kSize;
};

}  // namespace snowline::collector::wire
