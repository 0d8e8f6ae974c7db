#include "common/text/java_map_order.h"
#include "enricher/event/tracker_fields.h"
#include "enricher/load/client_ip.h"
#include "enricher/load/parameters.h"
#include "enricher/load/querystring.h"

#include <array>

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

// `a=1 b= c`: with a value, with an empty one, with none.
std::string shown(const std::vector<Parameter>& parameters) {
    std::string out;
    for (const Parameter& parameter : parameters) {
        if (!out.empty()) out += ' ';
        out += parameter.name;
        if (parameter.value) out += "=" + std::string(*parameter.value);
    }
    return out;
}

TEST_CASE("a querystring is split and form-decoded") {
    json::Arena arena;
    const std::pair<const char*, const char*> cases[] = {
        {"", ""},
        {"&&=x&", ""},
        {"a=1&b=&c", "a=1 b= c"},
        {"a=1;b=2#c=3", "a=1 b=2"},
        {"a==x&%62=%2B+", "a==x b=+ "},
        {"a=%FF%FE", "a=\xef\xbf\xbd\xef\xbf\xbd"},
        {"a=\xc3\xa9", "a=\xef\xbf\xbd"},  // a raw é counts as the byte e9
    };
    for (const auto& [text, expected] : cases) {
        CAPTURE(text);
        const auto parsed = parse_querystring(text, Charset::kUtf8, arena);
        REQUIRE(parsed.has_value());
        CHECK(shown(*parsed) == expected);
    }
    CHECK(shown(*parse_querystring("a=%e9", Charset::kLatin1, arena)) == "a=\xc3\xa9");
}

TEST_CASE("an illegal querystring is refused in the words of java.net.URI") {
    json::Arena arena;
    const std::pair<const char*, const char*> cases[] = {
        {"a b", "Illegal character in query at index 19: http://localhost/?a b"},
        {"a=%zz", "Malformed escape pair at index 20: http://localhost/?a=%zz"},
        {"\xc3\xa9=%2", "Malformed escape pair at index 20: http://localhost/?\xc3\xa9=%2"},
        {"a#<", "Illegal character in fragment at index 20: http://localhost/?a#<"},
        {"\xe2\x80\xa8", "Illegal character in query at index 18: http://localhost/?\xe2\x80\xa8"},
    };
    for (const auto& [text, expected] : cases) {
        CHECK(parse_querystring(text, Charset::kUtf8, arena).error() == expected);
    }
}

TEST_CASE("of a repeated name the last value counts, at the first one's place") {
    Parameters parameters({{"a", "1"}, {"b", "2"}, {"a", "3"}});
    CHECK(shown({parameters.begin(), parameters.end()}) == "a=3 b=2");
    parameters.erase("a");
    CHECK(parameters.find("a") == nullptr);
    CHECK(parameters.value("b") == "2");
}

TEST_CASE("many parameters are found as few are") {
    std::vector<std::string> names;
    for (int i = 0; i < 500; ++i) names.push_back("name" + std::to_string(i));
    Parameters parameters;
    for (const std::string& name : names) parameters.set(name, name);
    for (const std::string& name : names) parameters.set(name, "again");
    CHECK(parameters.size() == names.size());
    for (std::size_t i = 0; i < names.size(); i += 2) parameters.erase(names[i]);
    CHECK(parameters.size() == names.size() / 2);
    CHECK(parameters.value("name499") == "again");
    CHECK_FALSE(parameters.value("name498").has_value());
}

TEST_CASE("maps of five and more iterate as Scala's do, and go on so when they shrink") {
    CHECK(text::java_hash("hello") == 99162322);
    CHECK(text::java_hash("\xf0\x9f\x98\x80") == 1772899);  // two UTF-16 units
    Parameters small({{"tv", ""}, {"e", ""}, {"p", ""}, {"ue_pr", ""}});
    CHECK(shown(small.in_reference_order()) == "tv= e= p= ue_pr=");
    // Seen in the reference's output of an Iglu webhook's GET.
    Parameters webhook({{"schema", {}},
                        {"aid", {}},
                        {"p", {}},
                        {"x", {}},
                        {"y", {}},
                        {"eid", {}},
                        {"nuid", {}},
                        {"cv", {}},
                        {"ttm", {}},
                        {"url", {}}});
    for (const char* name : {"schema", "nuid", "aid", "cv", "p"}) webhook.erase(name);
    CHECK(shown(webhook.in_reference_order()) == "x eid url y ttm");
}

TEST_CASE("the client's address is what proxies say") {
    json::Arena arena;
    struct Case {
        std::vector<std::string_view> headers;
        const char* expected;  // "" is none
    };
    const Case cases[] = {
        {{"X-Forwarded-For: 198.51.100.4, 10.0.0.1"}, "198.51.100.4"},
        {{"Forwarded: for=1.1.1.1", "x-forwarded-for: 2.2.2.2"}, "2.2.2.2"},
        {{"Forwarded: for=1.1.1.1", "Forwarded: for=\"[2001:DB8::1]:80\""}, "2001:db8::1"},
        {{"X-Forwarded-For:1.2.3.4"}, ""},
        {{"X-Forwarded-For: unknown"}, ""},
        {{"X-Forwarded-For: bad host"}, "bad"},
        {{"X-Forwarded-For: 1.2.3.4567"}, "1.2.3.456"},
        {{}, ""},
    };
    for (const Case& c : cases) {
        CHECK(forwarded_ip(c.headers, arena).value_or("") == c.expected);
    }
}

TEST_CASE("every parameter of the tracker protocol is found, and nothing else") {
    REQUIRE(tracker_field("e") != nullptr);
    CHECK(tracker_field("e")->field == Field::kEvent);
    CHECK(tracker_field("f_gears")->field == Field::kBrFeaturesGears);
    for (const char* name : {"", "E", "xyz", "f_gearss", "a_very_long_name"}) {
        CHECK(tracker_field(name) == nullptr);
    }
    CHECK(tracker_field(std::string_view("\0e", 2)) == nullptr);
}

}  // namespace
}  // namespace snowline::enricher
