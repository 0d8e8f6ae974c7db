#include "enricher/enrich/enrichment_folder.h"

#include "test/integration/common/log/temporary_directory.h"
#include "test/unit/enricher/enrich/enrichment_fixture.h"

#include <cstdlib>
#include <fstream>

namespace snowline::enricher {
namespace {

class Folder {
public:
    void put(const std::string& name, std::string_view text) const {
        std::ofstream(directory_.path() / name, std::ios::binary) << text;
    }
    /// Errors, without the folder's path.
    std::vector<std::string> errors() const {
        test::Files files;
        const auto read = read_enrichment_folder(directory_.path(), files);
        std::vector<std::string> out;
        if (read) return out;
        for (const std::string& error : read.error()) {
            out.push_back(error.substr(directory_.path().string().size() + 1));
        }
        return out;
    }
    Enrichments read() const {
        test::Files files;
        auto read = read_enrichment_folder(directory_.path(), files);
        REQUIRE(read);
        return std::move(*read);
    }

private:
    log::test::TemporaryDirectory directory_;
};

std::string config(std::string_view schema, std::string_view rest) {
    return R"({"schema":"iglu:com.snowplowanalytics.snowplow)" + std::string(schema) +
           R"(","data":{"vendor":"com.snowplowanalytics.snowplow","name":"x",)" +
           std::string(rest) + "}}";
}

TEST_CASE("a folder's configurations become enrichments; variables of the environment count") {
    ::setenv("SNOWLINE_TEST_COOKIE", "sp", 1);
    const Folder folder;
    folder.put("cookies.json", config("/cookie_extractor_config/jsonschema/1-0-0",
                                      R"("enabled":true,"parameters":{"cookies":[)"
                                      "${SNOWLINE_TEST_COOKIE}]}"));
    folder.put("yauaa.json", config(".enrichments/yauaa_enrichment_config/jsonschema/1-0-0",
                                    R"("enabled":false)"));
    folder.put("notes.txt", "not read");
    Enrichments enrichments = folder.read();
    REQUIRE(enrichments[EnrichmentKind::kCookieExtractor].size() == 1);
    CHECK(enrichments[EnrichmentKind::kYauaa].empty());
    test::Event event;
    event.set_headers({"Cookie: sp=1; a=2"});
    enrichments.clone()[EnrichmentKind::kCookieExtractor][0]->apply(event.work);
    CHECK(event.contexts() ==
          std::vector<std::string>{
              R"(iglu:org.ietf/http_cookie/jsonschema/1-0-0 {"name":"sp","value":"1"})"});
}

TEST_CASE("all errors of all files are told at once") {
    const Folder folder;
    const std::string anon_ip =
        config("/anon_ip/jsonschema/1-0-1", R"("enabled":true,"parameters":{"anonOctets":1})");
    folder.put("a.json", anon_ip);
    folder.put("b.json", anon_ip);
    folder.put("c.json", config("/anon_ip/jsonschema/1-0-1",
                                R"("enabled":true,"parameters":{"anonOctets":9,"more":1})"));
    folder.put("d.json", config(".enrichments/yauaa_enrichment_config/jsonschema/1-0-0",
                                R"("enabled":true)"));
    folder.put("e.json",
               config("/ip_lookups/jsonschema/1-0-0", R"("enabled":true,"parameters":{})"));
    folder.put("f.json", config("/shout/jsonschema/1-0-0", R"("enabled":true)"));
    folder.put("g.json", "{");
    folder.put("h.json", "{}");
    const auto errors = folder.errors();
    const auto told = [&](std::string_view what) {
        for (const std::string& error : errors) {
            if (error.find(what) != std::string::npos) return true;
        }
        return false;
    };
    CAPTURE(errors);
    CHECK(told("b.json: enrichment anon_ip is configured twice"));
    CHECK(told("c.json: $.parameters.anonOctets: "));
    CHECK(told("c.json: $.parameters.more: "));
    CHECK(told("d.json: enrichment yauaa_enrichment_config is not supported yet"));
    CHECK(told("e.json: enrichment ip_lookups: version 1-0-0 is not supported; 2-*-* is"));
    CHECK(
        told("f.json: iglu:com.snowplowanalytics.snowplow/shout/jsonschema/1-0-0 is no "
             "enrichment's schema"));
    CHECK(told("g.json:"));
    CHECK(told("h.json: not a self-describing JSON"));
    CHECK_FALSE(told("a.json"));
}

}  // namespace
}  // namespace snowline::enricher
