// What senders of mail tell: Mailchimp, Mailgun, Mandrill, SendGrid, Vero.
#include "test/unit/enricher/adapt/adapting.h"

#include <catch2/catch.hpp>

namespace snowline::enricher::test {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kJson = "application/json";

// `[` and `]` as forms send them, so that tests stay readable.
std::string form(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '[')
            out += "%5B";
        else if (c == ']')
            out += "%5D";
        else if (c == '{')
            out += "%7B";
        else if (c == '}')
            out += "%7D";
        else if (c == '"')
            out += "%22";
        else
            out += c;
    }
    return out;
}

std::string mailchimp(std::string_view body) {
    const std::string text = form(body);
    return adapted_one({.vendor = "com.mailchimp", .content_type = kForm, .body = text});
}

std::string mailgun(std::string_view body) {
    return adapted_one({.vendor = "com.mailgun", .content_type = kJson, .body = body});
}

std::vector<std::string> mandrill(std::string_view events) {
    const std::string text = "mandrill_events=" + form(events);
    return adapted({.vendor = "com.mandrill", .content_type = kForm, .body = text});
}

std::vector<std::string> sendgrid(std::string_view body) {
    return adapted({.vendor = "com.sendgrid",
                    .version = "v3",
                    .content_type = "application/json; charset=utf-8",
                    .body = body});
}

std::string vero(std::string_view body) {
    return adapted_one({.vendor = "com.getvero", .content_type = kJson, .body = body});
}

}  // namespace

TEST_CASE("Mailchimp: names with brackets become objects, the time a date-time") {
    CHECK(mailchimp("type=upemail&fired_at=2026-03-01+07%3A08%3A09&data[new_id]=51da&"
                    "data[new_email]=new%40acme.example&data[old_email]=old%40acme.example") ==
          R"(iglu:com.mailchimp/email_address_change/jsonschema/1-0-0 {"type":"upemail",)"
          R"("fired_at":"2026-03-01T07:08:09.000Z","data":{"old_email":"old@acme.example",)"
          R"("new_id":"51da","new_email":"new@acme.example"}})");
    CHECK(mailchimp("type=subscribe&data[merges][FNAME]=Ada&data[merges][INTERESTS]=") ==
          R"(iglu:com.mailchimp/subscribe/jsonschema/1-0-0 {"data":{"merges":)"
          R"({"INTERESTS":"","FNAME":"Ada"}},"type":"subscribe"})");
}

TEST_CASE("Mailchimp: a name that is a value and an object is what came last") {
    CHECK(
        mailchimp("type=profile&data=x&data[id]=1") ==
        R"(iglu:com.mailchimp/profile_update/jsonschema/1-0-0 {"data":{"id":"1"},"type":"profile"})");
    CHECK(mailchimp("data[id]=1&data=x&type=profile") ==
          R"(iglu:com.mailchimp/profile_update/jsonschema/1-0-0 {"type":"profile","data":"x"})");
}

TEST_CASE("Mailchimp: brackets without end cost one failure") {
    const std::string body = "type=profile&a" + std::string(50'000, '[') + "b]=1";
    CHECK(mailchimp(body).find("too many fields") != std::string::npos);
}

TEST_CASE("Mailgun: the signature is part of the event, and its time the event's") {
    CHECK(mailgun(R"({"signature":{"timestamp":"1700000000","token":"t0k3n","signature":"5ig"},)"
                  R"("event-data":{"event":"delivered","timestamp":1699999999.5,"id":"W3X",)"
                  R"("delivery-status":{"attempt-no":1,"mx-host":"mx.acme.example"}}})") ==
          R"(iglu:com.mailgun/message_delivered/jsonschema/1-0-0 {"deliveryStatus":)"
          R"({"attemptNo":1,"mxHost":"mx.acme.example"},"timestamp":"2023-11-14T22:13:20.000Z",)"
          R"("signature":"5ig","id":"W3X","token":"t0k3n"})");
}

TEST_CASE("Mailgun: each of its types has a schema") {
    const auto schema_of_type = [](std::string_view type) {
        const std::string line =
            mailgun(R"({"signature":{"timestamp":"1","token":"t","signature":"s"},)"
                    R"("event-data":{"event":")" +
                    std::string(type) + R"(","timestamp":1}})");
        return line.substr(0, line.find(' '));
    };
    CHECK(schema_of_type("bounced") == "iglu:com.mailgun/message_bounced/jsonschema/1-0-0");
    CHECK(schema_of_type("complained") == "iglu:com.mailgun/message_complained/jsonschema/1-0-0");
    CHECK(schema_of_type("dropped") == "iglu:com.mailgun/message_dropped/jsonschema/1-0-0");
    CHECK(schema_of_type("opened") == "iglu:com.mailgun/message_opened/jsonschema/1-0-0");
    CHECK(schema_of_type("unsubscribed") ==
          "iglu:com.mailgun/recipient_unsubscribed/jsonschema/1-0-0");
}

TEST_CASE("Mailgun: what is missing is named") {
    CHECK(mailgun(R"({"event-data":{"event":"opened","timestamp":1}})") ==
          R"({"field":"timestamp","value":null,"expectation":"missing 'timestamp'"})");
    CHECK(mailgun("[]") == R"({"field":"body","value":"[]","expectation":"no `event` parameter )"
                           R"(provided: cannot determine event type"})");
}

TEST_CASE("Mandrill: all events of the form's one field, times at every level") {
    CHECK(
        mandrill(R"([{"event":"hard_bounce","ts":1700000000,"_id":"a1","msg":{"ts":"1699999999",)"
                 R"("email":"x@acme.example"}},{"event":"click","ts":1,"url":"u"}])") ==
        std::vector<std::string>{
            R"(iglu:com.mandrill/message_bounced/jsonschema/1-0-1 {"ts":"2023-11-14T22:13:20.000Z",)"
            R"("_id":"a1","msg":{"ts":"2023-11-14T22:13:19.000Z","email":"x@acme.example"}})",
            R"(iglu:com.mandrill/message_clicked/jsonschema/1-0-1 )"
            R"({"ts":"1970-01-01T00:00:01.000Z","url":"u"})"});
}

TEST_CASE("Mandrill: one unknown type fails the whole form, and is named with its place") {
    const auto lines = mandrill(R"([{"event":"open","ts":1},{"event":"inbound"},{}])");
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].find(R"("actual":"inbound")") != std::string::npos);
    CHECK(lines[0].find("no schema associated with the provided type parameter at index 1") !=
          std::string::npos);
    CHECK(lines[1].find("type parameter not provided at index 2") != std::string::npos);
}

TEST_CASE("SendGrid: an event that was sent again counts once, with what came last") {
    CHECK(sendgrid(R"([{"event":"processed","sg_event_id":"a","timestamp":1},)"
                   R"({"event":"bounce","sg_event_id":"b","timestamp":"2","reason":"full"},)"
                   R"({"event":"delivered","sg_event_id":"a","timestamp":3}])") ==
          std::vector<std::string>{
              R"(iglu:com.sendgrid/delivered/jsonschema/3-0-0 )"
              R"({"sg_event_id":"a","timestamp":"1970-01-01T00:00:03.000Z"})",
              R"(iglu:com.sendgrid/bounce/jsonschema/3-0-0 )"
              R"({"sg_event_id":"b","timestamp":"1970-01-01T00:00:02.000Z","reason":"full"})"});
}

TEST_CASE("Vero: the type's own time becomes a date-time, _tags lose the underscore") {
    CHECK(vero(R"({"type":"opened","opened_at":1700000000,"user":{"id":"u1"},)"
               R"("campaign":{"id":"c1","_tags":"a,b"}})") ==
          R"(iglu:com.getvero/opened/jsonschema/1-0-0 {"opened_at":"2023-11-14T22:13:20.000Z",)"
          R"("user":{"id":"u1"},"campaign":{"id":"c1","tags":"a,b"}})");
    CHECK(vero(R"({"type":"user_created","user":{"id":"u1"},"triggered_at":"1700000000",)"
               R"("opened_at":1700000000})") ==
          R"(iglu:com.getvero/created/jsonschema/1-0-0 {"user":{"id":"u1"},)"
          R"("triggered_at":"2023-11-14T22:13:20.000Z","opened_at":1700000000})");
}

TEST_CASE("Vero: each of its types has a schema") {
    for (const std::string type : {"bounced", "clicked", "delivered", "sent", "unsubscribed"}) {
        CAPTURE(type);
        CHECK(vero(R"({"type":")" + type + R"("})") ==
              "iglu:com.getvero/" + type + "/jsonschema/1-0-0 {}");
    }
    CHECK(vero(R"({"type":"user_updated"})") == "iglu:com.getvero/updated/jsonschema/1-0-0 {}");
}

}  // namespace snowline::enricher::test
