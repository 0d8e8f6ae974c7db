#include "test/integration/common/log/temporary_directory.h"
#include "test/unit/enricher/enrich/enrichment_fixture.h"

#include <fstream>

namespace snowline::enricher {
namespace {

constexpr std::string_view kReferers = R"({
    "search": {"Google": {"domains": ["google.com", "www.google.com"], "parameters": ["q", "query"]},
               "Images": {"domains": ["google.com/imgres"], "parameters": ["q"]}},
    "social": {"Bird": {"domains": ["t.co"]}},
    "email": {"Mail": {"domains": ["com.example.mail"]}},
    "unknown": {"Odd": {"domains": ["odd.example"]}}})";

std::unique_ptr<Enrichment> parser() {
    const log::test::TemporaryDirectory folder;
    test::Files files;
    const auto path = folder.path() / "referers.json";
    std::ofstream(path, std::ios::binary) << kReferers;
    files.paths["x:/referers.json"] = path.string();
    return test::made(make_referer_parser, R"({"internalDomains":["blog.acme.com"," a.acme.com "],
                                               "database":"referers.json","uri":"x:"})",
                      std::move(files));
}

struct Case {
    std::string_view referrer, medium, source, term;
};

TEST_CASE("a visit comes from where its referrer says") {
    const auto enrichment = parser();
    const Case expected = GENERATE(values<Case>({
        {"https://www.google.com/search?oq=x&q=a+b%20c&q=d", "search", "Google", "a b c"},
        {"https://a.b.google.com/search?query=deep", "search", "Google", "deep"},
        {"https://google.com/imgres?q=cat", "search", "Images", "cat"},
        {"https://google.com/imgres/more?q=cat", "search", "Images", "cat"},
        {"https://google.com/search?Q=upper", "search", "Google", "-"},
        {"https://google.com/search?q=", "search", "Google", "-"},
        {"https://google.com", "search", "Google", "-"},
        {"https://GOOGLE.com/?q=x", "unknown", "-", "-"},
        {"https://t.co/abc", "social", "Bird", "-"},
        {"android-app://com.example.mail/", "email", "Mail", "-"},
        {"https://odd.example/", "unknown", "-", "-"},
        {"https://www.acme.com/other", "internal", "-", "-"},
        {"https://a.acme.com/", "internal", "-", "-"},
        {"https://blog.acme.com/", "internal", "-", "-"},
        {"https://else.example/", "unknown", "-", "-"},
        {"ftp://google.com/", "-", "-", "-"},
        {"/path?q=x", "-", "-", "-"},
    }));
    test::Event event;
    event.event.set(Field::kPageUrlhost, "www.acme.com");
    const auto uri = parse_uri(expected.referrer, event.arena);
    REQUIRE(uri);
    event.work.referrer_uri = *uri;
    enrichment->apply(event.work);
    INFO(expected.referrer);
    CHECK(event.event.get(Field::kRefrMedium).value_or("-") == expected.medium);
    CHECK(event.event.get(Field::kRefrSource).value_or("-") == expected.source);
    CHECK(event.event.get(Field::kRefrTerm).value_or("-") == expected.term);
}

}  // namespace
}  // namespace snowline::enricher
