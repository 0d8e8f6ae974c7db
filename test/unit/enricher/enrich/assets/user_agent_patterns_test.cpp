#include "enricher/enrich/assets/user_agent_patterns.h"

#include "enricher/enrich/assets/literal_finder.h"

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

constexpr std::string_view kYaml = R"yaml(# a comment
user_agent_parsers:
  - regex: '(Never)x(\d+)'
  - regex: '(Ab)?(Cd)' # its family may be missing
  - regex: "(Fire\\w+)/(\\d+)\\.(\\d+)"
  - regex: '^(?:Xy)/(\d*)'
    family_replacement: 'Xy $1'
    v2_replacement: '7'

os_parsers:
  - regex: 'Windows NT (\d+)'
    os_replacement: 'Windows'
    os_v1_replacement: '$1'
  - regex: '(Mac) (\d+)(?:\.(\d+)|)'
device_parsers:
  - regex: 'it''s (\w+)( \w+)?'
    regex_flag: 'i'
    device_replacement: '$1$2 '
    brand_replacement: 'Of no use'
)yaml";

TEST_CASE("patterns mean what they mean to uap-java") {
    const auto patterns = UserAgentPatterns::parse(kYaml);
    REQUIRE(patterns);
    const auto find = [&](std::string_view text) { return (*patterns)->find(text); };

    auto facts = find("Firefox/12.5 (Windows NT 10)");
    CHECK(facts.agent_family == "Firefox");
    CHECK(facts.agent_version[0] == "12");
    CHECK(facts.agent_version[1] == "5");
    CHECK_FALSE(facts.agent_version[2]);
    CHECK(facts.os_family == "Windows");
    CHECK(facts.os_version[0] == "10");
    CHECK(facts.device_family == "Other");

    // The pattern matches without its family: the next one counts.
    CHECK(find("Cd Firefox/1.2").agent_family == "Firefox");
    CHECK(find("AbCd").agent_family == "Ab");
    CHECK(find("AbCd").agent_version[0] == "Cd");

    facts = find("Xy/");
    CHECK(facts.agent_family == "Xy ");
    CHECK_FALSE(facts.agent_version[0]);
    CHECK(facts.agent_version[1] == "7");

    facts = find("IT'S Mac 10");
    CHECK(facts.device_family == "Mac 10");
    CHECK(facts.os_version[0] == "10");
    CHECK_FALSE(facts.os_version[1]);

    CHECK(find("").agent_family == "Other");
    CHECK(find(std::string(UserAgentPatterns::kTextBytesMax, ' ') + "Firefox/1.2").agent_family ==
          "Other");
}

TEST_CASE("a file that is no list of patterns is refused, with its line") {
    const auto error = [](std::string_view yaml) {
        const auto parsed = UserAgentPatterns::parse(yaml);
        return parsed ? std::string() : parsed.error();
    };
    CHECK(error("") == "no user_agent_parsers in it");
    CHECK(error("a: b\n") == "line 1: no list of patterns goes on like this");
    CHECK(error("user_agent_parsers:\n  - regex: 'a\n") ==
          "line 2: no list of patterns goes on like this");
    CHECK(error("user_agent_parsers:\n  - regex: [a]\n") ==
          "line 2: no list of patterns goes on like this");
    CHECK(error("user_agent_parsers:\n  - family_replacement: 'a'\n") == "line 2: no regex");
    CHECK(error("user_agent_parsers:\n  - regex: '(a'\n") ==
          "line 2: the pattern is wrong, or not supported: (a");
}

TEST_CASE("literals are found wherever they overlap") {
    const LiteralFinder finder({"he", "she", "his", "hers", "e"});
    CHECK(finder.find("usHERs") == std::vector<int>{0, 1, 3, 4});
    CHECK(finder.find("this") == std::vector<int>{2});
    CHECK(finder.find("").empty());
    CHECK(LiteralFinder({}).find("text").empty());
}

}  // namespace
}  // namespace snowline::enricher
