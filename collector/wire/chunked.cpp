#include "collector/wire/chunked.h"

#include "collector/wire/ascii.h"

#include <algorithm>

namespace snowline::collector::wire {
namespace {

constexpr std::size_t kLineBytesMax = 4096;  // a chunk's size with its extension
constexpr std::size_t kExtraBytesMax = 16384;
constexpr std::size_t kSizeDigitsMax = 8;

bool is_text(std::string_view line) {
    return std::all_of(line.begin(), line.end(), [](char c) {
        return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    });
}

/// `name: value`, in one line.
bool is_field(std::string_view line) {
    const auto colon = line.find(':');
    return colon != std::string_view::npos && is_token(line.substr(0, colon)) && is_text(line);
}

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
    switch (part_) {
        case Part::kSize:
            return take_size(line);
        case Part::kDataEnd:
            part_ = Part::kSize;
            return line.empty() ? State::kMore : State::kMalformed;
        case Part::kTrailer:
            if (line.empty()) {
                part_ = Part::kDone;
                return State::kMore;
            }
            extra_bytes_ += line.size() + 2;
            return is_field(line) && extra_bytes_ <= kExtraBytesMax ? State::kMore
                                                                    : State::kMalformed;
        case Part::kData:
        case Part::kDone:
            break;
    }
    return State::kMalformed;
}

ChunkedBody::State ChunkedBody::take_size(std::string_view line) {
    std::size_t digits = 0;
    std::uint64_t size = 0;
    while (digits < line.size() && hex_value(line[digits]) >= 0) {
        if (digits == kSizeDigitsMax) return State::kMalformed;
        size = size * 16 + static_cast<std::uint64_t>(hex_value(line[digits]));
        ++digits;
    }
    const auto rest = line.substr(digits);
    const auto extension = trim(rest);
    const bool is_bare = rest.empty();
    if (digits == 0 || (!is_bare && (extension.empty() || extension.front() != ';')) ||
        !is_text(rest)) {
        return State::kMalformed;
    }
    extra_bytes_ += rest.size();
    if (extra_bytes_ > kExtraBytesMax) return State::kMalformed;
    left_in_chunk_ = size;
    part_ = size == 0 ? Part::kTrailer : Part::kData;
    return State::kMore;
}

}  // namespace snowline::collector::wire
