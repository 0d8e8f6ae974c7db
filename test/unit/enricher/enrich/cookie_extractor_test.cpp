#include "test/unit/enricher/enrich/enrichment_fixture.h"

namespace snowline::enricher {
namespace {

std::string context(std::string_view data) {
    return "iglu:org.ietf/http_cookie/jsonschema/1-0-0 " + std::string(data);
}

struct Case {
    std::string_view header;
    std::vector<std::string> contexts;
};

TEST_CASE("configured cookies become contexts") {
    const auto enrichment = test::made(make_cookie_extractor, R"({"cookies":["a","b","c d"]})");
    const Case expected = GENERATE(values<Case>({
        {"Cookie: a=1", {context(R"({"name":"a","value":"1"})")}},
        {"Cookie:a=1; x=2;b = 3 ;a=4",
         {context(R"({"name":"a","value":"1"})"), context(R"({"name":"b","value":"3"})"),
          context(R"({"name":"a","value":"4"})")}},
        {"Cookie: a=; b",
         {context(R"({"name":"a","value":""})"), context(R"({"name":"b","value":null})")}},
        {"Cookie: c  d=e  f", {context(R"({"name":"c d","value":"e f"})")}},
        {R"(Cookie: a="x;y, \"z\" \q"; b=2)",
         {context(R"({"name":"a","value":"x;y, \"z\" \\q"})"),
          context(R"({"name":"b","value":"2"})")}},
        {R"(Cookie: a="open)", {context(R"({"name":"a","value":"open"})")}},
        // a comma ends the list
        {"Cookie: a=1, b=2", {context(R"({"name":"a","value":"1"})")}},
        // only this spelling of the header, of the names as well
        {"cookie: a=1", {}},
        {"Cookie: A=1", {}},
        {"Cookie:", {}},
    }));
    test::Event event;
    event.set_headers({"Host: acme.com", expected.header});
    enrichment->apply(event.work);
    CHECK(event.contexts() == expected.contexts);
}

}  // namespace
}  // namespace snowline::enricher
