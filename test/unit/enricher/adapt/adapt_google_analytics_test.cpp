#include "test/unit/enricher/adapt/adapting.h"

#include <catch2/catch.hpp>

namespace snowline::enricher::test {
namespace {

Request hits(std::string_view body) {
    return {.vendor = "com.google.analytics", .body = body};
}

// Names of the contexts' schemas, and their data.
std::string contexts(std::string_view body) {
    const Adapting hit(hits(body));
    if (!hit.has_events()) return "failed: " + hit.lines().front();
    json::Arena arena;
    const auto json = json::parse(*hit.events().front().parameters.value("co"), arena);
    std::string out;
    for (const json::Value item : json->find("data")->items()) {
        std::string_view uri = item.find("schema")->text();
        uri = uri.substr(uri.find('/') + 1);
        out.append(uri.substr(0, uri.find('/')));
        out.append(json::print(*item.find("data"))).append("\n");
    }
    return out;
}

}  // namespace

TEST_CASE("a hit becomes an event of its type; numbers, amounts and flags get their kinds") {
    CHECK(adapted_one(hits("t=event&ec=video&ea=play&el=intro&ev=42")) ==
          R"(iglu:com.google.analytics.measurement-protocol/event/jsonschema/1-0-0 )"
          R"({"category":"video","value":42,"label":"intro","action":"play"})");
    CHECK(adapted_one(hits("t=transaction&ti=T9&tr=12.345&ts=3&tt=0.125&cu=EUR")) ==
          R"(iglu:com.google.analytics.measurement-protocol/transaction/jsonschema/1-0-0 )"
          R"({"tax":0.12,"id":"T9","revenue":12.34,"currencyCode":"EUR","shipping":3.0})");
    CHECK(adapted_one(hits("t=exception&exd=boom&exf=1")) ==
          R"(iglu:com.google.analytics.measurement-protocol/exception/jsonschema/1-0-0 )"
          R"({"description":"boom","isFatal":true})");
    CHECK(adapted_one(hits("t=screenview&cd=Home")) ==
          R"(iglu:com.google.analytics.measurement-protocol/screen_view/jsonschema/1-0-0 )"
          R"({"screenName":"Home"})");
}

TEST_CASE("every line is a hit, and one bad line fails the request") {
    CHECK(adapted(hits("t=social&sn=x&sa=like&st=y\r\nt=timing&utc=a&utt=7\n")) ==
          std::vector<std::string>{
              R"(iglu:com.google.analytics.measurement-protocol/social/jsonschema/1-0-0 )"
              R"({"network":"x","action":"like","actionTarget":"y"})",
              R"(iglu:com.google.analytics.measurement-protocol/timing/jsonschema/1-0-0 )"
              R"({"userTimingCategory":"a","userTimingTime":7})"});
    CHECK(adapted(hits("t=screenview&cd=a\nt=event&ev=many")) ==
          std::vector<std::string>{R"({"field":"value","value":"many","expectation":)"
                                   R"("cannot be converted to java.lang.Integer"})"});
}

TEST_CASE("parameters that are columns, too, become parameters of the tracker protocol") {
    const Adapting hit(
        hits("t=item&ti=T9&in=Shoe&ip=19.90&iq=2&ic=SKU&iv=Shoes&cu=EUR&"
             "uip=198.51.100.7&ua=Agent&dr=https%3A%2F%2Fr.example%2F&ul=de"));
    REQUIRE(hit.has_events());
    const Parameters& parameters = hit.events().front().parameters;
    CHECK(parameters.value("ti_id") == "T9");
    CHECK(parameters.value("ti_nm") == "Shoe");
    CHECK(parameters.value("ti_pr") == "19.90");
    CHECK(parameters.value("ti_cu") == "EUR");
    CHECK(parameters.value("ip") == "198.51.100.7");
    CHECK(parameters.value("refr") == "https://r.example/");
    CHECK(parameters.value("lang") == "de");
    CHECK(parameters.value("tv") == "com.google.analytics.measurement-protocol-v1");
    CHECK(parameters.value("p") == "srv");
    const Adapting order(hits("t=transaction&ti=T9&cu=EUR"));
    REQUIRE(order.has_events());
    CHECK(order.events().front().parameters.value("tr_id") == "T9");
    CHECK(order.events().front().parameters.value("tr_cu") == "EUR");
}

TEST_CASE("a page view is the event of a page view, and a context of other hits") {
    CHECK(contexts("t=pageview&dp=%2Fa") == "hit{\"type\":\"pageview\"}\n");
    CHECK(contexts("t=event&ec=c&ea=a&dp=%2Fa") ==
          "hit{\"type\":\"event\"}\npage_view{\"documentPath\":\"/a\"}\n");
}

TEST_CASE("names with numbers are contexts, one for each number") {
    CHECK(contexts("t=pageview&pr1id=P1&pr1nm=Shoe&pr1pr=9.999&pr2id=P2&cu=EUR") ==
          "hit{\"type\":\"pageview\"}\n"
          "product{\"name\":\"Shoe\",\"sku\":\"P1\",\"price\":10.0,"
          "\"currencyCode\":\"EUR\",\"index\":1}\n"
          "product{\"currencyCode\":\"EUR\",\"index\":2,\"sku\":\"P2\"}\n");
    CHECK(contexts("t=pageview&cd3=gold&cm4=1.5&cg1=news") ==
          "hit{\"type\":\"pageview\"}\n"
          "content_group{\"index\":1,\"value\":\"news\"}\n"
          "custom_dimension{\"index\":3,\"value\":\"gold\"}\n"
          "custom_metric{\"index\":4,\"value\":1.5}\n");
}

TEST_CASE("numbers inside a name count what stands before them") {
    CHECK(contexts("t=pageview&il1nm=Top&il1pi2id=P2&il1pi2cd3=red&il1pi2cm4=5") ==
          "hit{\"type\":\"pageview\"}\n"
          "product_impression_list{\"index\":1,\"name\":\"Top\"}\n"
          "product_impression_custom_metric"
          "{\"listIndex\":1,\"productIndex\":2,\"customMetricIndex\":4,\"value\":5}\n"
          "product_impression_custom_dimension"
          "{\"listIndex\":1,\"productIndex\":2,\"customDimensionIndex\":3,\"value\":\"red\"}\n"
          "product_impression{\"listIndex\":1,\"productIndex\":2,\"sku\":\"P2\"}\n");
    CHECK(contexts("t=pageview&pr1cd2=blue&cd5=x") ==
          "hit{\"type\":\"pageview\"}\n"
          "product_custom_dimension{\"productIndex\":1,\"dimensionIndex\":2,\"value\":\"blue\"}\n"
          "custom_dimension{\"index\":5,\"value\":\"x\"}\n");
}

TEST_CASE("a name with numbers that the protocol does not have fails the hit") {
    CHECK(adapted_one(hits("t=pageview&zz9=x")) ==
          R"({"field":"zz9","value":null,"expectation":"composite field name has to conform to )"
          R"(regex (pr|promo|il|cd|cm|cg)(\\d+)([a-zA-Z]*)(\\d*)([a-zA-Z]*)(\\d*)$"})");
    CHECK(adapted_one(hits("t=pageview&pr99999999999id=x")) ==
          R"({"field":"index","value":"99999999999","expectation":)"
          R"("cannot be converted to java.lang.Integer"})");
}

}  // namespace snowline::enricher::test
