#include "test/unit/enricher/enrich/enrichment_fixture.h"

namespace snowline::enricher {
namespace {

struct Case {
    std::string_view given, two_octets_three_segments, all;
};

TEST_CASE("the last octets and segments of addresses become x") {
    const auto some = test::made(make_anon_ip, R"({"anonOctets":2,"anonSegments":3})");
    const auto all = test::made(make_anon_ip, R"({"anonOctets":4})");
    const Case expected = GENERATE(values<Case>({
        {"81.2.69.142", "81.2.x.x", "x.x.x.x"},
        {"2001:db8::1", "2001:db8:0:0:0:x:x:x", "2001:db8:0:0:x:x:x:x"},
        {"::1", "0:0:0:0:0:x:x:x", "0:0:0:0:x:x:x:x"},
        {"fe80::1%2", "fe80:0:0:0:0:x:x:x", "fe80:0:0:0:x:x:x:x"},
        // mapped: the text is cut at its dots; upper case is a case of its own
        {"::ffff:81.2.69.142", "::ffff:81.2.x.x", "x.x.x.x"},
        {"::FFFF:81.2.69.142", "::FFFF:81.2.x.x", "::FFFF:x.x.x.x"},
        // mapped without dots would stay as it is in the reference
        {"::ffff:5102:458e", "::ffff:81.2.x.x", "::ffff:x.x.x.x"},
        // no addresses
        {"1.2.3", "1.2.x", "x.x.x"},
        {"999.999.999.999", "999.999.x.x", "x.x.x.x"},
        {"fe80::1%eth0", "fe80::1%eth0:x:x:x:x:x", "fe80::1%eth0:x:x:x:x:x"},
        {"face:b00c", "face:b00c:x:x:x:x:x:x", "face:b00c:x:x:x:x:x:x"},
        {"localhost", "localhost", "localhost"},
    }));
    test::Event event;
    event.event.set(Field::kUserIpaddress, expected.given);
    some->apply(event.work);
    CHECK(event.event[Field::kUserIpaddress] == expected.two_octets_three_segments);
    event.event.set(Field::kUserIpaddress, expected.given);
    all->clone()->apply(event.work);
    CHECK(event.event[Field::kUserIpaddress] == expected.all);
}

TEST_CASE("an event without address stays without") {
    test::Event event;
    test::made(make_anon_ip, R"({"anonOctets":4})")->apply(event.work);
    CHECK_FALSE(event.event.has(Field::kUserIpaddress));
}

TEST_CASE("anon_ip names all that is wrong in its configuration") {
    CHECK(test::errors(make_anon_ip, R"({"anonOctets":5,"anonSegments":"1"})") ==
          std::vector<std::string>{
              "parameters.anonOctets: 5 is not allowed here; an integer from 1 to 4",
              "parameters.anonSegments: \"1\" is not allowed here; an integer from 1 to 8"});
    CHECK(test::errors(make_anon_ip, "{}") ==
          std::vector<std::string>{"parameters.anonOctets is missing; an integer from 1 to 4"});
}

}  // namespace
}  // namespace snowline::enricher
