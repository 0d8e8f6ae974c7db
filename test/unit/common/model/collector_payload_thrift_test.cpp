#include "common/model/collector_payload_thrift.h"

#include <catch2/catch.hpp>

using namespace snowline::model;

namespace {

CollectorPayload example() {
    return {.schema = kCollectorPayloadSchema,
            .ip_address = "127.0.0.1",
            .timestamp_ms = 1'795'411'198'187,
            .encoding = "UTF-8",
            .collector = "snowline-0.1.0-kafka",
            .user_agent = "curl/8",
            .path = "/i",
            .querystring = "e=pv&page=%C3%A9",
            .headers = std::vector<std::string>{"Host: a.example", "Accept: */*"},
            .hostname = "a.example",
            .network_user_id = "cef83294-a0c4-4725-9856-fb7a4d65cf1b"};
}

}  // namespace

TEST_CASE("a payload is read back as it was written, and its size is known before") {
    const CollectorPayload payload = example();
    const std::string bytes = to_thrift(payload);
    CHECK(bytes.size() == thrift_size(payload));
    const auto read = from_thrift(bytes);
    REQUIRE(read);
    CHECK(*read == payload);
    CHECK(thrift_size(CollectorPayload{}) == to_thrift(CollectorPayload{}).size());
}

TEST_CASE("fields are written in ascending order of their ids, the schema last") {
    const std::string bytes =
        to_thrift({.schema = "s", .timestamp_ms = 1, .encoding = "e", .headers = {{"h"}}});
    using namespace std::string_literals;
    CHECK(bytes ==
          "\x0a\x00\xc8\0\0\0\0\0\0\0\x01"s  // 200 timestamp
          "\x0b\x00\xd2\0\0\0\x01"s
          "e"  // 210 encoding
          "\x0f\x01\x5e\x0b\0\0\0\x01\0\0\0\x01"s
          "h"  // 350 headers
          "\x0b\x7a\x69\0\0\0\x01"s
          "s\0"s);  // 31337 schema
}

TEST_CASE("every prefix of a payload is an error, never a crash") {
    const std::string bytes = to_thrift(example());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(from_thrift(std::string_view(bytes).substr(0, size)));
    }
    CHECK(from_thrift(bytes + "trailing bytes are ignored"));
}

TEST_CASE("errors have the texts of the reference's library") {
    using namespace std::string_literals;
    CHECK(from_thrift("").error() ==
          "Cannot read. Remote side has closed. Tried to read 1 bytes, but only got 0 bytes. (This "
          "is often "
          "indicative of an internal error on the server side. Please check your server logs.)");
    CHECK(from_thrift("\x7f\x00\x01"s).error() == "Unrecognized type 127");
    CHECK(from_thrift("\x0b\x00\x64\xff\xff\xff\xff"s).error() == "offset 7, count -1, length 7");
    // A list that claims two billion elements allocates nothing.
    CHECK(from_thrift("\x0f\x01\x5e\x0b\x7f\xff\xff\xff"s).error() == "MaxMessageSize reached");
}

TEST_CASE("unknown fields of every type are skipped") {
    using namespace std::string_literals;
    const std::string unknown =
        "\x02\x00\x01\x01"s                                     // bool
        "\x03\x00\x01\x01"s                                     // byte
        "\x06\x00\x01\x01\x02"s                                 // i16
        "\x08\x00\x01\x01\x02\x03\x04"s                         // i32
        "\x04\x00\x01\x01\x02\x03\x04\x05\x06\x07\x08"s         // double
        "\x0c\x00\x01\x08\x00\x01\0\0\0\x05\x00"s               // struct of one i32
        "\x0d\x00\x01\x0b\x08\0\0\0\x01\0\0\0\x01k\0\0\0\x05"s  // map string -> i32
        "\x0e\x00\x01\x0b\0\0\0\x01\0\0\0\x01v"s                // set of strings
        "\x0a\x00\x64\0\0\0\0\0\0\0\x01"s;  // 100 with another type than it should have
    const auto read = from_thrift(unknown + to_thrift({.encoding = "UTF-8"}));
    REQUIRE(read);
    CHECK(read->encoding == "UTF-8");
    CHECK_FALSE(read->ip_address);
}

TEST_CASE("deep nesting is an error, not a deep recursion") {
    std::string bytes;
    for (int i = 0; i < 100'000; ++i) bytes += std::string("\x0c\x00\x01", 3);
    CHECK(from_thrift(bytes).error() == "Maximum skip depth exceeded");
}
