// What sales and support tell: CallRail, HubSpot, Marketo, Olark, Unbounce.
#include "test/unit/enricher/adapt/adapting.h"

#include <catch2/catch.hpp>

namespace snowline::enricher::test {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";

std::string percent_encoded(std::string_view text) {
    constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
    return out;
}

std::string olark(std::string_view data) {
    const std::string body = "data=" + percent_encoded(data);
    return adapted_one({.vendor = "com.olark", .content_type = kForm, .body = body});
}

std::string marketo(std::string_view body) {
    return adapted_one({.vendor = "com.marketo", .body = body});
}

}  // namespace

TEST_CASE("CallRail: booleans, numbers and times of the querystring get their types") {
    CHECK(adapted_one({.vendor = "com.callrail",
                       .querystring = "answered=true&first_call=false&duration=187&"
                                      "datetime=2026-01-05+10%3A20%3A30&note=&aid=shop&p=web"}) ==
          R"(iglu:com.callrail/call_complete/jsonschema/1-0-2 {"duration":187,)"
          R"("datetime":"2026-01-05T10:20:30.000Z","note":null,"first_call":false,)"
          R"("answered":true})");
}

TEST_CASE("CallRail: parameters of the tracker protocol are the event's, not its data") {
    const Adapting call({.vendor = "com.callrail",
                         .querystring = "id=1&aid=shop&p=web&eid=7f8&nuid=n&cv=c&ttm=5&url=u"});
    REQUIRE(call.has_events());
    const Parameters& parameters = call.events().front().parameters;
    CHECK(parameters.value("tv") == "com.callrail-v1");
    CHECK(parameters.value("e") == "ue");
    CHECK(parameters.value("p") == "web");
    CHECK(parameters.value("aid") == "shop");
    CHECK(parameters.value("eid") == "7f8");
    CHECK(parameters.value("ttm") == "5");
    CHECK(parameters.find("id") == nullptr);
}

TEST_CASE("HubSpot: changes of properties, with the time of milliseconds as a date-time") {
    const auto lines = adapted(
        {.vendor = "com.hubspot",
         .content_type = "application/json",
         .body = R"([{"subscriptionType":"contact.propertyChange","occurredAt":1700000000123,)"
                 R"("propertyName":"lifecyclestage","propertyValue":"customer","objectId":7},)"
                 R"({"subscriptionType":"company.propertyChange","occurredAt":"soon"},)"
                 R"({"objectId":3,"subscriptionType":"deal.propertyChange"}])"});
    CHECK(lines ==
          std::vector<std::string>{
              R"(iglu:com.hubspot/contact_change/jsonschema/1-0-0 )"
              R"({"occurredAt":"2023-11-14T22:13:20.123Z",)"
              R"("propertyName":"lifecyclestage","propertyValue":"customer","objectId":7})",
              R"(iglu:com.hubspot/company_change/jsonschema/1-0-0 {"occurredAt":"soon"})",
              R"(iglu:com.hubspot/deal_change/jsonschema/1-0-0 {"objectId":3})"});
}

TEST_CASE("Marketo: times become date-times at every level of objects, texts that are none stay") {
    CHECK(marketo(R"({"name":"signed up","datetime":"2026-02-28 23:59:58",)"
                  R"("lead":{"updated_at":"yesterday","created_at":"2026-01-02 03:04:05"}})") ==
          R"(iglu:com.marketo/event/jsonschema/2-0-0 {"name":"signed up",)"
          R"("datetime":"2026-02-28T23:59:58.000Z",)"
          R"("lead":{"updated_at":"yesterday","created_at":"2026-01-02T03:04:05.000Z"}})");
    CHECK(marketo(R"({"list":[{"created_at":"2026-01-02 03:04:05"}],"created_at":7})") ==
          R"(iglu:com.marketo/event/jsonschema/2-0-0 )"
          R"({"list":[{"created_at":"2026-01-02 03:04:05"}],"created_at":7})");
}

TEST_CASE("Olark: a chat with operators is a transcript") {
    CHECK(olark(R"({"kind":"Conversation","id":"EV69","operators":{"64":{"username":"ann"}},)"
                R"("items":[{"body":"Hello","timestamp":"1700000000.25","operator_id":"64"},)"
                R"({"body":"Hi","timestamp":"1700000001"},{"body":"Bye"}]})") ==
          R"(iglu:com.olark/transcript/jsonschema/1-0-0 {"kind":"Conversation","id":"EV69",)"
          R"("operators":{"64":{"username":"ann"}},"items":[{"body":"Hello",)"
          R"("timestamp":"2023-11-14T22:13:20.250Z","operatorId":"64"},)"
          R"({"body":"Hi","timestamp":"2023-11-14T22:13:21.000Z"},{"body":"Bye"}]})");
}

TEST_CASE("Olark: a chat without operators is an offline message") {
    CHECK(olark(R"({"items":[{"kind":"OfflineMessage","timestamp":"1700000000","body":"hi"}],)"
                R"("visitor":{"full_name":"Ada"}})") ==
          R"(iglu:com.olark/offline_message/jsonschema/1-0-0 {"items":[{"kind":"OfflineMessage",)"
          R"("timestamp":"2023-11-14T22:13:20.000Z","body":"hi"}],"visitor":{"fullName":"Ada"}})");
}

TEST_CASE("Unbounce: a form's answers are JSON in one field, the same as XML is left out") {
    const std::string body =
        "page_id=p1&page_name=Spring&variant=b&page_url=http%3A%2F%2Facme.example%2F&data.json=" +
        percent_encoded(R"({"your_name":["Ada"]})") + "&data.xml=x";
    CHECK(adapted_one({.vendor = "com.unbounce", .content_type = kForm, .body = body}) ==
          R"(iglu:com.unbounce/form_post/jsonschema/1-0-0 {"data.json":{"yourName":["Ada"]},)"
          R"("variant":"b","pageId":"p1","pageName":"Spring","pageUrl":"http://acme.example/"})");
}

TEST_CASE("Unbounce: what is missing is named") {
    CHECK(adapted_one({.vendor = "com.unbounce",
                       .content_type = kForm,
                       .body = "page_id=p1&page_name=Spring"}) ==
          R"({"field":"variant","value":null,"expectation":"missing 'variant' field in body"})");
}

}  // namespace snowline::enricher::test
