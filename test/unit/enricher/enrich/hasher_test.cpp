#include "enricher/enrich/hasher.h"

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

struct Case {
    HashFunction function;
    std::string_view text, hex;
};

TEST_CASE("texts are hashed as the standards' examples say") {
    const Case expected = GENERATE(values<Case>({
        // RFC 1319, A.5
        {HashFunction::kMd2, "", "8350e5a3e24c153df2275c9f80692773"},
        {HashFunction::kMd2, "abc", "da853b0d3f88d99b30283a69e6ded6bb"},
        {HashFunction::kMd2, "message digest", "ab4f496bfb2a530b219ff33031fe06b0"},
        {HashFunction::kMd2,
         "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         "d5976f79d83d3a0dc9806c3c66f3efd8"},
        {HashFunction::kMd5, "", "d41d8cd98f00b204e9800998ecf8427e"},
        {HashFunction::kMd5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
        {HashFunction::kSha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {HashFunction::kSha256, "abc",
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {HashFunction::kSha384, "abc",
         "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca1"
         "34c825a7"},
        {HashFunction::kSha512, "abc",
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23"
         "a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
    }));
    json::Arena arena;
    Hasher hasher(expected.function);
    hasher.add(expected.text);
    CHECK(hasher.finish(arena) == expected.hex);
    // again, in parts
    for (const char& c : expected.text) hasher.add({&c, 1});
    CHECK(hasher.finish(arena) == expected.hex);
}

TEST_CASE("a key makes it HMAC, again and again") {
    // RFC 4231, test case 2
    Hasher hasher(HashFunction::kSha256, "Jefe");
    json::Arena arena;
    for (int i = 0; i < 2; ++i) {
        hasher.add("what do ya want ");
        hasher.add("for nothing?");
        CHECK(hasher.finish(arena) ==
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}

TEST_CASE("a lone surrogate is hashed as a question mark") {
    json::Arena arena;
    Hasher hasher(HashFunction::kMd5);
    hasher.add(
        "a\xED\xA0\x80"
        "b\xED\x9F\xBF");
    const auto given = hasher.finish(arena);
    hasher.add("a?b\xED\x9F\xBF");
    CHECK(given == hasher.finish(arena));
}

}  // namespace
}  // namespace snowline::enricher
