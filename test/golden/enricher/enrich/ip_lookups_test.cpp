// Columns of addresses that are in MaxMind's test files, as the reference fills them.
#include "test/support/golden.h"
#include "test/unit/enricher/enrich/enrichment_fixture.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

std::unique_ptr<Enrichment> lookups(const std::filesystem::path& folder) {
    std::string parameters;
    test::Files files;
    for (const auto& [name, file] :
         {std::pair{"geo", "GeoIP2-City.mmdb"}, std::pair{"isp", "GeoIP2-ISP.mmdb"},
          std::pair{"domain", "GeoIP2-Domain.mmdb"},
          std::pair{"connectionType", "GeoIP2-Connection-Type.mmdb"}}) {
        parameters += parameters.empty() ? "{" : ",";
        parameters += fmt::format(R"("{}":{{"database":"{}","uri":"x:/"}})", name, file);
        files.paths["x:/" + std::string(file)] = (folder / file).string();
    }
    return test::made(make_ip_lookups, parameters + "}", std::move(files));
}

struct Case {
    std::string_view ip;
    std::vector<std::string_view> columns;  // `-` for null
};

TEST_CASE("columns of an address come from four files") {
    const auto folder = snowline::test::shared("golden/enricher/assets");
    if (!folder) return;
    const auto enrichment = lookups(*folder);
    const std::vector<std::string_view> none(12, "-");
    const Case expected = GENERATE_COPY(values<Case>({
        {"175.16.199.0",
         {"CN", "22", "Changchun", "-", "43.88", "125.3228", "Jilin Sheng", "Asia/Harbin", "-", "-",
          "-", "Cable/DSL"}},
        {"2.125.160.216:443",
         {"GB", "WBK", "Boxford", "OX1", "51.75", "-1.25", "West Berkshire", "Europe/London", "-",
          "-", "-", "Cable/DSL"}},
        {"::ffff:81.2.69.142",
         {"GB", "ENG", "London", "-", "51.5142", "-0.0931", "England", "Europe/London", "-", "-",
          "in-addr.arpa", "-"}},
        {"[2001:218::1]:80",
         {"JP", "-", "-", "-", "35.68536", "139.7531", "-", "Asia/Tokyo", "-", "-", "-", "-"}},
        {"12.87.118.0",
         {"-", "-", "-", "-", "-", "-", "-", "-", "AT&T Services", "AT&T Worldnet Services", "-",
          "-"}},
        {"1.2.3", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "maxmind.com", "-"}},
        {"10.0.0.1", none},
        {"localhost", none},
        {"", none},
    }));
    test::Event event;
    event.event.set(Field::kUserIpaddress, expected.ip);
    enrichment->apply(event.work);
    std::vector<std::string_view> found;
    for (const Field field :
         {Field::kGeoCountry, Field::kGeoRegion, Field::kGeoCity, Field::kGeoZipcode,
          Field::kGeoLatitude, Field::kGeoLongitude, Field::kGeoRegionName, Field::kGeoTimezone,
          Field::kIpIsp, Field::kIpOrganization, Field::kIpDomain, Field::kIpNetspeed}) {
        found.push_back(event.event.get(field).value_or("-"));
    }
    INFO(expected.ip);
    CHECK(found == expected.columns);
}

TEST_CASE("a file of another type is refused") {
    const auto folder = snowline::test::shared("golden/enricher/assets");
    if (!folder) return;
    test::Files files;
    files.paths["x:/a"] = (*folder / "GeoIP2-ISP.mmdb").string();
    files.paths["x:/b"] = (*folder / "referers.json").string();
    const auto made = test::make(make_ip_lookups,
                                 R"({"geo":{"database":"a","uri":"x:/"},
                                     "isp":{"database":"b","uri":"x:"}})",
                                 files);
    REQUIRE_FALSE(made);
    CHECK(made.error() ==
          std::vector<std::string>{
              "parameters.geo.database: the file is of type GeoIP2-ISP; one of type "
              "City is needed",
              "parameters.isp.database: no MaxMind DB: The MaxMind DB file contains "
              "invalid metadata"});
}

}  // namespace
}  // namespace snowline::enricher
