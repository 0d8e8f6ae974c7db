#include "collector/wire/content_coding.h"

#include <vector>

#include <catch2/catch.hpp>
#include <zlib.h>
#include <zstd.h>

using namespace snowline::collector::wire;

namespace {

constexpr int kGzip = 31, kZlib = 15, kRaw = -15;

std::string deflated(const std::string& text, int window) {
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window, 9, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string zstd(const std::string& text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 19));
    return out;
}

struct Coded {
    ContentCoding coding;
    std::string bytes;
};
std::vector<Coded> all_of(const std::string& text) {
    return {{ContentCoding::kGzip, deflated(text, kGzip)},
            {ContentCoding::kDeflate, deflated(text, kZlib)},
            {ContentCoding::kDeflate, deflated(text, kRaw)},
            {ContentCoding::kZstd, zstd(text)}};
}

const std::string kText = R"({"schema":"iglu:a/b/jsonschema/1-0-0","data":[{"e":"pv"}]})";
constexpr DecodeLimits kLimits{.bytes_max = 1 << 20};

}  // namespace

TEST_CASE("codings have their names") {
    CHECK(parse_content_coding(" GZip ") == ContentCoding::kGzip);
    CHECK(parse_content_coding("x-gzip") == ContentCoding::kGzip);
    CHECK(parse_content_coding("deflate") == ContentCoding::kDeflate);
    CHECK(parse_content_coding("zstd") == ContentCoding::kZstd);
    CHECK_FALSE(parse_content_coding("identity"));
    CHECK_FALSE(parse_content_coding("br"));
    CHECK_FALSE(parse_content_coding("gzip, gzip"));
}

TEST_CASE("what was compressed comes back") {
    for (const std::string& text : {kText, std::string(60'000, 'a') + kText, std::string()}) {
        for (const auto& [coding, bytes] : all_of(text)) {
            CAPTURE(static_cast<int>(coding));
            CHECK(decode_content(bytes, coding, kLimits) == text);
        }
    }
}

TEST_CASE("gzip files and zstd frames may follow each other") {
    CHECK(decode_content(deflated("ab", kGzip) + deflated("cd", kGzip), ContentCoding::kGzip,
                         kLimits) == "abcd");
    CHECK(decode_content(zstd("ab") + zstd("cd"), ContentCoding::kZstd, kLimits) == "abcd");
}

TEST_CASE("what is cut short, broken or followed by something else is malformed") {
    for (const auto& [coding, bytes] : all_of(kText)) {
        CAPTURE(static_cast<int>(coding));
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto decoded = decode_content(bytes.substr(0, size), coding, kLimits);
            REQUIRE_FALSE(decoded);
            CHECK(decoded.error() == DecodeFailure::kMalformed);
        }
        CHECK(decode_content(bytes + "x", coding, kLimits).error() == DecodeFailure::kMalformed);
        CHECK(decode_content(kText, coding, kLimits).error() == DecodeFailure::kMalformed);
    }
}

TEST_CASE("a length or a checksum that lies is malformed") {
    std::string bytes = deflated(kText, kGzip);
    for (const std::size_t from_end : {1U, 4U, 5U, 8U}) {
        std::string lying = bytes;
        lying[lying.size() - from_end] = static_cast<char>(lying[lying.size() - from_end] ^ 1);
        CHECK(decode_content(lying, ContentCoding::kGzip, kLimits).error() ==
              DecodeFailure::kMalformed);
    }
    std::string frame = zstd(kText);
    frame[5] = static_cast<char>(frame[5] ^ 1);  // the size of its content
    CHECK(decode_content(frame, ContentCoding::kZstd, kLimits).error() ==
          DecodeFailure::kMalformed);
}

TEST_CASE("bombs end at a limit, and what they unpack to is never held") {
    const std::string zeros(std::size_t{64} << 20, '\0');
    for (const auto& [coding, bytes] : all_of(zeros)) {
        CAPTURE(static_cast<int>(coding), bytes.size());
        const DecodeLimits small{.bytes_max = 1 << 20, .ratio_max = 10'000};
        CHECK(decode_content(bytes, coding, small).error() == DecodeFailure::kTooLong);
        const DecodeLimits wide{.bytes_max = std::uint64_t{1} << 30, .ratio_max = 100};
        CHECK(decode_content(bytes, coding, wide).error() == DecodeFailure::kTooDense);
    }
}
