#include "enricher/enrich/hasher.h"
#include "test/unit/enricher/enrich/enrichment_fixture.h"

namespace snowline::enricher {
namespace {

std::string md5(std::string_view text) {
    json::Arena arena;
    Hasher hasher(HashFunction::kMd5);
    hasher.add(text);
    return std::string(hasher.finish(arena));
}

TEST_CASE("a fingerprint is the hash of names and values, sorted as Java sorts") {
    const auto enrichment = test::made(
        make_event_fingerprint, R"({"hashAlgorithm":"MD5","excludeParameters":["stm","eid"]})");
    test::Event event;
    event.raw.parameters.set("e", "pv");
    event.raw.parameters.set("aid", "");
    event.raw.parameters.set("stm", "1");
    event.raw.parameters.set("novalue", std::nullopt);
    event.raw.parameters.set("\xef\xbd\xa1", "U+FF61");
    event.raw.parameters.set("\xf0\x9f\x98\x80", "U+1F600, which UTF-16 puts before");
    enrichment->apply(event.work);
    CHECK(event.event[Field::kEventFingerprint] ==
          md5("aid\x1f\x1f"
              "e\x1fpv\x1f"
              "\xf0\x9f\x98\x80\x1fU+1F600, which UTF-16 puts before\x1f"
              "\xef\xbd\xa1\x1fU+FF61\x1f"));
}

TEST_CASE("an event without parameters has a fingerprint, too") {
    test::Event event;
    test::made(make_event_fingerprint, R"({"hashAlgorithm":"MD5","excludeParameters":[]})")
        ->apply(event.work);
    CHECK(event.event[Field::kEventFingerprint] == md5(""));
}

TEST_CASE("hash functions are those of the schema") {
    CHECK(test::errors(make_event_fingerprint,
                       R"({"hashAlgorithm":"MD2","excludeParameters":[1]})") ==
          std::vector<std::string>{"parameters.hashAlgorithm: \"MD2\" is not allowed here; one of "
                                   "MD5, SHA1, SHA256, SHA384, SHA512",
                                   "parameters.excludeParameters: [1] is not allowed here; a list "
                                   "of texts"});
}

}  // namespace
}  // namespace snowline::enricher
