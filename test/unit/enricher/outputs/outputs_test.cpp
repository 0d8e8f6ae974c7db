// Which rows an event has, and what they hold.
#include "common/text/uuid.h"
#include "enricher/outputs/configured_outputs.h"
#include "enricher/outputs/parked_rows.h"
#include "enricher/outputs/row_limit.h"
#include "enricher/outputs/row_writer.h"
#include "enricher/outputs/tsv.h"
#include "enricher/pipeline/record_origin.h"

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

Output named(Output output, std::string name, std::size_t bytes_max = kRowBytesMax) {
    output.name = std::move(name);
    output.bytes_max = bytes_max;
    return output;
}

EnrichedEvent event() {
    EnrichedEvent event;
    event.set(Field::kAppId, "shop");
    event.set(Field::kEventId, "7f3a1f0e-0a0f-4d3c-9b52-0d2c9f2f6b11");
    return event;
}

}  // namespace

TEST_CASE("an event goes to the outputs of its stream, in the order of the list") {
    const Outputs outputs({good_output(), bad_output(), named(good_output("copy"), "copy")});
    const auto to = outputs.route(event(), Stream::kGood);
    REQUIRE(to.size() == 2);
    CHECK(outputs[to[0]].name == "good");
    CHECK(outputs[to[1]].name == "copy");
    CHECK(outputs.route(event(), Stream::kPii).empty());
    CHECK(outputs.of(Stream::kBad).size() == 1);
}

TEST_CASE("outputs of one format have the same bytes, each with its own key and headers") {
    Output copy = named(good_output("copy"), "copy");
    copy.key = Field::kAppId;
    copy.headers = {Field::kEventId, Field::kPlatform};
    const Outputs outputs({good_output(), good_json_output(), copy});
    std::vector<Row> rows;
    REQUIRE(RowWriter().write(event(), Stream::kGood, 3, outputs, rows));
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].value == tsv_row(event()));
    CHECK(rows[1].value ==
          R"({"app_id":"shop","event_id":"7f3a1f0e-0a0f-4d3c-9b52-0d2c9f2f6b11"})");
    CHECK(rows[2].value == rows[0].value);
    CHECK(rows[2].index == 3);
    CHECK_FALSE(rows[0].key);
    CHECK(rows[2].key == "shop");
    CHECK(rows[2].headers ==
          std::vector<log::Header>{{"event_id", "7f3a1f0e-0a0f-4d3c-9b52-0d2c9f2f6b11"}});
}

TEST_CASE("where one row does not fit, there is none, and the largest is told") {
    const Outputs outputs(
        {named(good_output(), "good", 1000), named(good_json_output(), "json", 20)});
    std::vector<Row> rows;
    const auto written = RowWriter().write(event(), Stream::kGood, 0, outputs, rows);
    REQUIRE_FALSE(written);
    const auto* large = std::get_if<TooLarge>(&written.error());
    REQUIRE(large != nullptr);
    CHECK(large->bytes_max == 20);
    CHECK(large->row.front() == '{');
    CHECK(rows.empty());
}

TEST_CASE("a topic's own limit is of the whole record, and may change") {
    Output good = good_output();
    good.key = Field::kAppId;
    good.headers = {Field::kEventId};
    const Outputs outputs({good, bad_output()});
    const Outputs copy = outputs;
    const std::size_t value = tsv_row(event()).size();
    const std::size_t beside = 4 + 8 + 36;  // key, name and value of the header
    const auto fits = [&](std::size_t limit) {
        outputs.set_record_bytes_max("good", limit);
        std::vector<Row> rows;
        return RowWriter().write(event(), Stream::kGood, 0, copy, rows).has_value();
    };
    CHECK(fits(value + beside));
    CHECK_FALSE(fits(value + beside - 1));
    CHECK_FALSE(fits(1));
    CHECK(fits(2'000'000));
    CHECK(copy.bytes_max(0, 0) == kRowBytesMax);
    CHECK(copy.bytes_max(1, 0) == kRowBytesMax);
}

TEST_CASE("a bad row of any type is cut to what its topic takes") {
    const Outputs outputs({good_output(), bad_output()});
    const model::Artifact processor{"test", "0"};
    const BadRowSource source{processor, 0};
    for (const std::size_t limit : {100'000, 20'000, 3'000}) {
        outputs.set_record_bytes_max("bad", limit);
        std::vector<Row> rows;
        CHECK(append_bad_row(std::string(2'000'000, '"'), 0, source, outputs, rows) == Fits::kNo);
        append_size_violation({.row = std::string(900'000, '\t'), .bytes_max = 800'000}, 0, source,
                              outputs, rows);
        for (const Row& row : rows) {
            CHECK(row.value.find("/size_violation/") != std::string::npos);
            CHECK(row.value.size() + kOriginBytes <= limit);
        }
    }
}

TEST_CASE("rows of an output that is parked go to bad, the others where they belong") {
    const Outputs outputs({good_output(), bad_output(), pii_output()});
    const model::Artifact processor{"test", "0"};
    const std::vector<Row> rows{{.output = 0, .value = "a\tb", .index = 7},
                                {.output = 1, .value = "bad row"},
                                {.output = 2, .value = "pii row"}};
    CHECK(with_parked(rows, {processor, 0}, outputs).size() == 3);
    outputs.states().set_parked(0, true);
    const auto parked = with_parked(rows, {processor, 0}, outputs);
    REQUIRE(parked.size() == 3);
    CHECK(parked[0].output == 1);
    CHECK(parked[0].index == 7);
    CHECK(parked[0].headers == std::vector<log::Header>{{"snowline-parked", "good"}});
    CHECK(parked[0].value.find("/generic_error/") != std::string::npos);
    CHECK(parked[0].value.find(R"("payload":"a\tb")") != std::string::npos);
    CHECK(parked[1].value == "bad row");
    CHECK(parked[2].output == 2);
}

TEST_CASE("a row is read back into its columns") {
    const std::string row = tsv_row(event());
    const auto columns = read_tsv_row(row);
    REQUIRE(columns);
    CHECK(EventView(*columns)[Field::kAppId] == "shop");
    CHECK(tsv_row(EventView(*columns)) == row);
    CHECK(read_tsv_row("a\tb").error() == 2);
    CHECK(read_tsv_row(row + "\t").error() == 132);
}

TEST_CASE("a configuration's outputs have its keys and headers") {
    OutputsSettings settings;
    settings.good = {.topic_name = "g", .partition_key = "app_id", .headers = {"platform"}};
    settings.bad = {.topic_name = "b"};
    settings.pii = OutputSettings{.topic_name = "p", .partition_key = "event_id"};
    settings.failed = OutputSettings{.topic_name = "f", .headers = {"event"}};
    settings.format = GoodFormat::kBoth;
    const Outputs outputs = outputs_of(settings);
    std::vector<std::string> names;
    for (const Output& output : outputs) names.push_back(output.name + ">" + output.topic);
    CHECK(names == std::vector<std::string>{"good_json>g", "good>g", "bad>b", "failed>f", "pii>p"});
    CHECK(outputs[0].key == Field::kAppId);
    CHECK(outputs[1].headers == std::vector<Field>{Field::kPlatform});
    CHECK_FALSE(outputs[2].key);
    CHECK(outputs[3].headers == std::vector<Field>{Field::kEvent});
    CHECK(outputs[4].key == Field::kEventId);

    settings.pii->partition_key = "no_column";
    CHECK_THROWS_WITH(outputs_of(settings), "output.pii: there is no column no_column");
}

TEST_CASE("an id that an event came without is that of its place in the log") {
    // Python: uuid.uuid5(namespace, name)
    const std::string id = "0f1e2d3c-4b5a-4697-8887-000000000001:3:17";
    log::Record record{.topic = "raw",
                       .value = "bytes",
                       .headers = {{"snowline-id", id}},
                       .partition = 5,
                       .offset = 42};
    const auto ids = [&] { return EventIds(origin_of(record), record.value); };
    CHECK(ids().of_event(0) == "614bb013-5e76-5d29-91e1-8920ac187920");
    CHECK(ids().of_event(1) == "9444ddba-e4ea-5a42-899f-81f21c907a1f");
    CHECK(ids().of_pii_event(0) == "f25aaf12-6d97-58a8-8985-62b0e1bcfa48");
    // Moved to another place, it is the same record; without an id of ours its place is all it has.
    record.offset = 43;
    CHECK(ids().of_event(0) == "614bb013-5e76-5d29-91e1-8920ac187920");
    record.headers = {{"snowline-id", "made up"}};
    CHECK(ids().of_event(0) == "f4d0ea92-4356-51df-b397-2a01949ec434");
    const EventIds of_bytes({.offset = 7}, "bytes");
    CHECK(of_bytes.of_event(0) == EventIds({.offset = 7}, "bytes").of_event(0));
    CHECK(of_bytes.of_event(0) != EventIds({.offset = 7}, "others").of_event(0));
    CHECK(of_bytes.of_event(0) != EventIds({.offset = 8}, "bytes").of_event(0));
    CHECK(text::parse_uuid(of_bytes.of_event(0)));
}

}  // namespace snowline::enricher
