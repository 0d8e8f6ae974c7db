#include "enricher/load/querystring.h"
#include "test/unit/enricher/enrich/enrichment_fixture.h"

namespace snowline::enricher {
namespace {

struct Case {
    std::string_view query;
    std::vector<std::string_view> columns;  // medium, source, click id, network; `-` for null
};

TEST_CASE("marketing columns come from the first parameter that is there") {
    const auto enrichment = test::made(make_campaign_attribution, R"({"fields":{
        "mktMedium":["utm_medium","medium"],"mktSource":["utm_source"],"mktTerm":[],
        "mktContent":[],"mktCampaign":[],
        "mktClickId":{"fbclid":"Facebook","custom":"Custom","dclid":"Overridden"}}})");
    const Case expected = GENERATE(values<Case>({
        {"utm_medium=cpc&medium=x&utm_source=g", {"cpc", "g", "-", "-"}},
        {"medium=a&medium=b", {"b", "-", "-", "-"}},
        {"utm_medium=&medium=x", {"-", "-", "-", "-"}},
        {"utm_medium&medium=x", {"x", "-", "-", "-"}},
        {"UTM_SOURCE=x", {"-", "-", "-", "-"}},
        {"utm_source=a%09b%0Ac", {"-", "a    bc", "-", "-"}},
        {"gclid=G", {"-", "-", "G", "Google"}},
        {"gclid=", {"-", "-", "-", "Google"}},
        // of five names the order is that of a hash trie
        {"gclid=G&msclkid=M&dclid=D", {"-", "-", "D", "Overridden"}},
        {"custom=C", {"-", "-", "C", "Custom"}},
    }));
    test::Event event;
    event.work.page_parameters = split_querystring(expected.query, Charset::kUtf8, event.arena);
    enrichment->apply(event.work);
    std::vector<std::string_view> found;
    for (const Field field :
         {Field::kMktMedium, Field::kMktSource, Field::kMktClickid, Field::kMktNetwork}) {
        found.push_back(event.event.get(field).value_or("-"));
    }
    INFO(expected.query);
    CHECK(found == expected.columns);
}

}  // namespace
}  // namespace snowline::enricher
