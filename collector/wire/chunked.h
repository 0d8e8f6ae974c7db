#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace snowline::collector::wire {

/// Decodes a chunked body (RFC 9112 §7.1), fed with bytes as they come. Extensions and trailers are
/// judged, counted and thrown away: nothing in them may become a header.
class ChunkedBody {
public:
    enum class State : std::uint8_t { kMore, kDone, kMalformed, kTooLong };

    /// `body_bytes_max`: of the decoded body.
    explicit ChunkedBody(std::uint64_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

    /// Takes bytes from the front of `input` and appends what they decode to. Stops taking at the
    /// end of the body and at an error; `consumed` says how many bytes it took.
    State feed(std::string_view input, std::string& body, std::size_t& consumed);

private:
    enum class Part : std::uint8_t { kSize, kData, kDataEnd, kTrailer, kDone };

    State take_line(std::string_view line);
    State take_size(std::string_view line);

    std::uint64_t body_bytes_max_;
    std::uint64_t left_in_chunk_ = 0;
    std::uint64_t extra_bytes_ = 0;  // of all extensions and trailers
    std::string line_;               // of a size or a trailer, as far as it has come
    Part part_ = Part::kSize;
};

}  // namespace snowline::collector::wire
