#include "collector/http/chunked.h"

#include "collector/http/ascii.h"

#include <algorithm>

namespace snowline::collector::http {
namespace {

constexpr std::size_t kLineBytesMax = 4096;  // a chunk's size with its extension
constexpr std::size_t kTrailerBytesMax = 16384;
constexpr std::size_t kSizeDigitsMax = 8;

}  // namespace

ChunkedBody::State ChunkedBody::feed(std::string_view input, std::string& body,
                                     std::size_t& consumed) {
    consumed = 0;
    while (part_ != Part::kDone) {
        const auto rest = input.substr(consumed);
        if (rest.empty()) return State::kMore;
        if (part_ == Part::kData) {
            const auto take = std::min<std::uint64_t>(left_in_chunk_, rest.size());
            body.append(rest.substr(0, take));
            consumed += take;
            left_in_chunk_ -= take;
            if (left_in_chunk_ == 0) part_ = Part::kDataEnd;
            continue;
        }
        const auto end = rest.find('\n');
        const auto take = end == std::string_view::npos ? rest.size() : end + 1;
        line_.append(rest.substr(0, take));
        consumed += take;
        if (line_.size() > kLineBytesMax) return State::kMalformed;
        if (end == std::string_view::npos) return State::kMore;
        if (!line_.ends_with("\r\n")) return State::kMalformed;
        const std::string line = line_.substr(0, line_.size() - 2);
        line_.clear();
        const State state = take_line(line);
        if (state == State::kMalformed) return state;
        if (part_ == Part::kData && left_in_chunk_ > body_bytes_max_ - body.size()) {
            return State::kTooLong;
        }
    }
    return State::kDone;
}

ChunkedBody::State ChunkedBody::take_line(std::string_view line) {
    if (part_ == Part::kDataEnd) {
        part_ = Part::kSize;
        return line.empty() ? State::kMore : State::kMalformed;
    }
    if (part_ == Part::kTrailer) {
        if (line.empty()) part_ = Part::kDone;
        trailer_bytes_ += line.size() + 2;
        return trailer_bytes_ > kTrailerBytesMax ? State::kMalformed : State::kMore;
    }
    std::size_t digits = 0;
    std::uint64_t size = 0;
    while (digits < line.size() && hex_value(line[digits]) >= 0) {
        if (digits == kSizeDigitsMax) return State::kMalformed;
        size = size * 16 + static_cast<std::uint64_t>(hex_value(line[digits]));
        ++digits;
    }
    const auto extension = trim(line.substr(digits));
    const bool spaced = digits < line.size() && line[digits] != ';' && extension.empty();
    if (digits == 0 || spaced || (!extension.empty() && extension.front() != ';') ||
        extension.find('\r') != std::string_view::npos) {
        return State::kMalformed;
    }
    left_in_chunk_ = size;
    part_ = size == 0 ? Part::kTrailer : Part::kData;
    return State::kMore;
}

}  // namespace snowline::collector::http
