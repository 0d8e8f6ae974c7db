#include "enricher/enrich/assets/iab_lists.h"
#include "test/integration/common/log/temporary_directory.h"
#include "test/unit/enricher/enrich/enrichment_fixture.h"

#include <fstream>

namespace snowline::enricher {
namespace {

constexpr std::string_view kInclude = R"(# pattern|active|prefix|inactive since
Mozilla|1|1
curl|1|0
opera|0|1|01/01/2030
dalvik|0|1|01/01/2020
)";
constexpr std::string_view kExclude = R"(googlebot|1||1|0|0
curl|1|curlew, cURLy|1|1|1
hit|0||1|2|0|01/01/2020
soon|0||1|2|0|01/01/2027
gone|0||1|2|0
)";

std::unique_ptr<Enrichment> iab() {
    const log::test::TemporaryDirectory folder;
    test::Files files;
    const auto put = [&](const std::string& name, std::string_view text) {
        std::ofstream(folder.path() / name, std::ios::binary) << text;
        files.paths["http://acme.com/" + name] = (folder.path() / name).string();
    };
    put("ip", "# networks\n131.52.0.0/15\n215.151.101.210\n2001:db8:85a3::/48\n\n");
    put("include", kInclude);
    put("exclude", kExclude);
    return test::made(make_iab, R"({
        "ipFile":{"database":"ip","uri":"http://acme.com"},
        "includeUseragentFile":{"database":"include","uri":"http://acme.com/"},
        "excludeUseragentFile":{"database":"exclude","uri":"http://acme.com"}})",
                      std::move(files));
}

struct Case {
    std::string_view ip, user_agent, category, reason, impact;
};

TEST_CASE("addresses first, then browsers, then robots") {
    const auto enrichment = iab();
    const Case expected = GENERATE(values<Case>({
        {"8.8.8.8", "Mozilla/5.0", "BROWSER", "PASSED_ALL", "NONE"},
        {"131.53.255.255", "Mozilla/5.0", "SPIDER_OR_ROBOT", "FAILED_IP_EXCLUDE", "UNKNOWN"},
        {"::ffff:131.53.1.1", "Mozilla/5.0", "SPIDER_OR_ROBOT", "FAILED_IP_EXCLUDE", "UNKNOWN"},
        {"131.54.0.0", "Mozilla/5.0", "BROWSER", "PASSED_ALL", "NONE"},
        {"215.151.101.210", "Mozilla/5.0", "SPIDER_OR_ROBOT", "FAILED_IP_EXCLUDE", "UNKNOWN"},
        {"2001:db8:85a3::1%en0", "Mozilla", "SPIDER_OR_ROBOT", "FAILED_IP_EXCLUDE", "UNKNOWN"},
        {"8.8.8.8", "Not Mozilla", "SPIDER_OR_ROBOT", "FAILED_UA_INCLUDE", "UNKNOWN"},
        {"8.8.8.8", "OPERA 9", "BROWSER", "PASSED_ALL", "NONE"},
        {"8.8.8.8", "Dalvik", "SPIDER_OR_ROBOT", "FAILED_UA_INCLUDE", "UNKNOWN"},
        {"8.8.8.8", "mozilla GoogleBot", "ACTIVE_SPIDER_OR_ROBOT", "FAILED_UA_EXCLUDE",
         "PAGE_IMPRESSIONS"},
        {"8.8.8.8", "curl/8", "ACTIVE_SPIDER_OR_ROBOT", "FAILED_UA_EXCLUDE", "AD_IMPRESSIONS"},
        {"8.8.8.8", "libcurl", "BROWSER", "PASSED_ALL", "NONE"},
        {"8.8.8.8", "curl curly", "BROWSER", "PASSED_ALL", "NONE"},
        {"8.8.8.8", "Mozilla hit", "INACTIVE_SPIDER_OR_ROBOT", "FAILED_UA_EXCLUDE",
         "PAGE_AND_AD_IMPRESSIONS"},
        {"8.8.8.8", "Mozilla soon", "ACTIVE_SPIDER_OR_ROBOT", "FAILED_UA_EXCLUDE",
         "PAGE_AND_AD_IMPRESSIONS"},
        {"8.8.8.8", "Mozilla gone", "BROWSER", "PASSED_ALL", "NONE"},
    }));
    test::Event event;
    event.event.set(Field::kUserIpaddress, expected.ip);
    event.event.set(Field::kUseragent, expected.user_agent);
    event.event.set(Field::kDerivedTstamp, "2026-01-02 03:04:05.678");
    enrichment->apply(event.work);
    INFO(expected.ip << " " << expected.user_agent);
    REQUIRE(event.work.contexts.size() == 1);
    const json::Value data = event.work.contexts[0].data;
    CHECK(data.find("spiderOrRobot")->is_true() == (expected.category != "BROWSER"));
    CHECK(data.find("category")->text() == expected.category);
    CHECK(data.find("reason")->text() == expected.reason);
    CHECK(data.find("primaryImpact")->text() == expected.impact);
}

TEST_CASE("without address, user agent or time there is no verdict") {
    const auto enrichment = iab();
    const auto [ip, user_agent] = GENERATE(table<std::string_view, std::string_view>(
        {{"", "Mozilla"}, {"localhost", "Mozilla"}, {"8.8.8.8", ""}, {"8.8.8.8", "  "}}));
    test::Event event;
    event.event.set(Field::kUserIpaddress, ip);
    event.event.set(Field::kUseragent, user_agent);
    event.event.set(Field::kDerivedTstamp, "2026-01-02 03:04:05.678");
    enrichment->apply(event.work);
    CHECK(event.work.contexts.empty());
}

TEST_CASE("a list that is none is refused, with its line") {
    using Form = IabUserAgents::Form;
    const auto error = [](std::string_view text, Form form) {
        return IabUserAgents::parse(text, form).error();
    };
    CHECK(error("", Form::kInclude) == "no pattern in it");
    CHECK(error("a|1|0\nb\n", Form::kInclude) == "line 2 is not understood");
    CHECK(error("a|1|0|2027-01-01\n", Form::kInclude) == "line 1 is not understood");
    CHECK(error("a|1||1|7|0\n", Form::kExclude) == "line 1 is not understood");
}

}  // namespace
}  // namespace snowline::enricher
