#include "collector/wire/content_coding.h"

#include "collector/wire/ascii.h"

#include <algorithm>
#include <limits>
#include <memory>

#include <zlib.h>
#include <zstd.h>

namespace snowline::collector::wire {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} << 10;
constexpr std::uint64_t kRatioFreeBytes = std::uint64_t{64} << 10;
constexpr int kGzipWindow = 15 + 16;  // zlib's way to say: gzip
constexpr int kZlibWindow = 15;
constexpr int kRawWindow = -15;
constexpr int kZstdWindowLogMax = 23;  // 8 MiB

using Decoded = Result<std::string, DecodeFailure>;

/// Collects the output; fails beyond a limit.
class Output {
public:
    Output(const DecodeLimits& limits, std::uint64_t input_bytes)
        : limits_(limits),
          dense_at_(std::max(kRatioFreeBytes,
                             limits.ratio_max * std::max<std::uint64_t>(input_bytes, 1))) {}

    std::optional<DecodeFailure> append(std::string_view piece) {
        const std::uint64_t size = text_.size() + piece.size();
        if (size > limits_.bytes_max) return DecodeFailure::kTooLong;
        if (size > dense_at_) return DecodeFailure::kTooDense;
        text_.append(piece);
        return std::nullopt;
    }
    std::string take() { return std::move(text_); }

private:
    DecodeLimits limits_;
    std::uint64_t dense_at_;
    std::string text_;
};

/// Owns a zlib stream.
class Inflater {
public:
    explicit Inflater(int window) { good_ = inflateInit2(&stream_, window) == Z_OK; }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    bool is_good() const { return good_; }
    z_stream& stream() { return stream_; }

private:
    z_stream stream_{};
    bool good_ = false;
};

/// `kMany`: a gzip file may have several members (RFC 1952 §2.2).
enum class Members : std::uint8_t { kOne, kMany };

Decoded decode_zlib(std::string_view bytes, int window, Members members,
                    const DecodeLimits& limits) {
    if (bytes.size() > std::numeric_limits<uInt>::max()) return unexpected(DecodeFailure::kTooLong);
    Inflater inflater(window);
    if (!inflater.is_good()) return unexpected(DecodeFailure::kMalformed);
    z_stream& stream = inflater.stream();
    // zlib does not write to its input.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    Output output(limits, bytes.size());
    const auto piece = std::make_unique<char[]>(kPieceBytes);
    while (true) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.get());
        stream.avail_out = kPieceBytes;
        const int done = inflate(&stream, Z_NO_FLUSH);
        const std::string_view came(piece.get(), kPieceBytes - stream.avail_out);
        if (const auto failure = output.append(came)) return unexpected(*failure);
        if (done == Z_STREAM_END) {
            if (stream.avail_in == 0) return output.take();
            if (members == Members::kOne || inflateReset(&stream) != Z_OK) break;
        } else if (done != Z_OK) {
            break;  // Z_BUF_ERROR: the input is truncated
        }
    }
    return unexpected(DecodeFailure::kMalformed);
}

/// `deflate` is zlib's format (RFC 9110 §8.4.1.2); some clients send raw deflate.
Decoded decode_deflate(std::string_view bytes, const DecodeLimits& limits) {
    auto decoded = decode_zlib(bytes, kZlibWindow, Members::kOne, limits);
    if (decoded || decoded.error() != DecodeFailure::kMalformed) return decoded;
    return decode_zlib(bytes, kRawWindow, Members::kOne, limits);
}

Decoded decode_zstd(std::string_view bytes, const DecodeLimits& limits) {
    const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                       &ZSTD_freeDCtx);
    if (!context) return unexpected(DecodeFailure::kMalformed);
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLogMax);
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    Output output(limits, bytes.size());
    const auto piece = std::make_unique<char[]>(kPieceBytes);
    while (true) {
        ZSTD_outBuffer out{piece.get(), kPieceBytes, 0};
        const std::size_t left = ZSTD_decompressStream(context.get(), &out, &input);
        if (ZSTD_isError(left) != 0) break;
        if (const auto failure = output.append({piece.get(), out.pos})) return unexpected(*failure);
        const bool all_read = input.pos == input.size;
        if (left == 0 && all_read) return output.take();  // the end of the last frame
        if (all_read && out.pos < out.size) break;        // the input is truncated
    }
    return unexpected(DecodeFailure::kMalformed);
}

}  // namespace

std::optional<ContentCoding> parse_content_coding(std::string_view value) {
    const auto coding = trim(value);
    if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip")) {
        return ContentCoding::kGzip;
    }
    if (equal_ignoring_case(coding, "deflate")) return ContentCoding::kDeflate;
    if (equal_ignoring_case(coding, "zstd")) return ContentCoding::kZstd;
    return std::nullopt;
}

Decoded decode_content(std::string_view bytes, ContentCoding coding, const DecodeLimits& limits) {
    switch (coding) {
        case ContentCoding::kGzip:
            return decode_zlib(bytes, kGzipWindow, Members::kMany, limits);
        case ContentCoding::kDeflate:
            return decode_deflate(bytes, limits);
        case ContentCoding::kZstd:
            return decode_zstd(bytes, limits);
    }
    return unexpected(DecodeFailure::kMalformed);
}

}  // namespace snowline::collector::wire
