#include "collector/wire/body.h"

#include <catch2/catch.hpp>
#include <zlib.h>

using namespace snowline::collector::wire;
using snowline::Result;
using Decoded = std::optional<std::string>;

namespace {

std::string gzip(const std::string& text) {
    constexpr int kGzip = 31;
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 9, Z_DEFAULT_STRATEGY);
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

Result<Decoded, Refusal> decode(const std::string& lines, std::string_view body,
                                const BodyLimits& limits = {}) {
    NameSpellings spellings;
    const auto head =
        parse_head("POST /a/b HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n", {}, spellings);
    REQUIRE(head);
    return decode_body(*head, body, limits);
}

Decoded decoded(const std::string& lines, std::string_view body, const BodyLimits& limits = {}) {
    const auto result = decode(lines, body, limits);
    REQUIRE(result);
    return *result;
}

RefusalReason reason_of(const Result<Decoded, Refusal>& result) {
    REQUIRE_FALSE(result);
    return result.error().reason;
}

const std::string kText = R"({"e":"pv"})";

}  // namespace

TEST_CASE("a body is what its Content-Encoding says, in any case of its name") {
    CHECK(decoded("content-ENCODING: gzip\r\n", gzip(kText)) == Decoded(kText));
}

TEST_CASE("a body stays as it came where nobody has to decode it, or can") {
    CHECK(decoded("", gzip(kText)) == Decoded());
    CHECK(decoded("Content-Encoding: identity\r\n", kText) == Decoded());
    CHECK(decoded("Content-Encoding: br\r\n", kText) == Decoded());
    CHECK(decoded("Content-Encoding: gzip\r\n", "") == Decoded());
    CHECK(decoded("Content-Encoding: gzip\r\n", gzip(kText), {.decodes = false}) == Decoded());
    CHECK(decoded("Content-Encoding: gzip, br\r\n", kText, {.decodes = false}) == Decoded());
}

TEST_CASE("a body that cannot be decoded says why") {
    CHECK(reason_of(decode("Content-Encoding: gzip\r\n", "{}")) == RefusalReason::kUndecodableBody);
    CHECK(reason_of(decode("Content-Encoding: gzip, gzip\r\n", gzip(gzip(kText)))) ==
          RefusalReason::kSeveralContentCodings);
    CHECK(reason_of(decode("Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n",
                           gzip(gzip(kText)))) == RefusalReason::kSeveralContentCodings);
    CHECK(reason_of(decode("Content-Encoding: gzip\r\n", gzip(std::string(1 << 20, 'a')))) ==
          RefusalReason::kBodyTooDense);
}

TEST_CASE("a decoded body beyond the limit is refused as one that came so long") {
    const std::string long_body = gzip(std::string(2000, 'a') + kText);
    CHECK(reason_of(decode("Content-Encoding: gzip\r\n", long_body, {.bytes_max = 1000})) ==
          RefusalReason::kBodyTooLong);
    CHECK(
        reason_of(decode("Content-Encoding: gzip\r\n", long_body,
                         {.bytes_max = 1000, .too_long = RefusalReason::kConfiguredBodyTooLong})) ==
        RefusalReason::kConfiguredBodyTooLong);
}
