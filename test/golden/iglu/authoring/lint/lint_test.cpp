// The reference's linter on Iglu Central and on schemas made to break one rule each. Its bugs are
// mended: it takes `ipv6` for unknown and `ivp6` for known.
#include "iglu/authoring/lint/lint.h"

#include "common/json/parse.h"
#include "test/support/golden.h"

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace snowline::iglu::lint {
namespace {

using json::Value;

// The order of names in a message is an accident of hash maps, and the list of formats lacks one.
std::string comparable(std::string_view linter, std::string_view level, std::string_view pointer,
                       std::string message) {
    if (linter == "unknownFormats") message.resize(std::min(message.size(), message.find('.')));
    std::sort(message.begin(), message.end());
    return fmt::format("{} {} {} {}", linter, level, pointer, message);
}

std::set<std::string> recorded_issues(Value list) {
    std::set<std::string> issues;
    for (const Value& item : list.items()) {
        std::string level(item.find("level")->text());
        std::transform(level.begin(), level.end(), level.begin(),
                       [](char c) { return static_cast<char>(c - 'A' + 'a'); });
        issues.insert(comparable(item.find("linter")->text(), level, item.find("pointer")->text(),
                                 std::string(item.find("message")->text())));
    }
    return issues;
}

std::set<std::string> given_issues(std::span<const Issue> all) {
    std::set<std::string> issues;
    for (const Issue& issue : all) {
        if (issue.level == Level::kNote || issue.linter == "metaschema") continue;
        issues.insert(comparable(issue.linter, name_of(issue.level), issue.pointer, issue.message));
    }
    return issues;
}

bool is_mended(std::string_view text) {
    return text.find("ipv6\"") != std::string_view::npos ||
           text.find("ivp6") != std::string_view::npos;
}

}  // namespace

TEST_CASE("schemas are judged as the reference's linter judges them") {
    const auto central = test::shared("iglu-central");
    int compared = 0;
    for (const std::string& line : test::read_lines(test::golden("registry") / "lint.jsonl")) {
        json::Arena arena;
        const Value recorded = *json::parse(line, arena);
        const Value* expected = recorded.find("schema_ddl");
        if (expected == nullptr || expected->is_null()) continue;  // no self-describing schema
        const std::string path(recorded.find("path")->text());
        const Value* own_text = recorded.find("schema_text");
        if (own_text == nullptr && !central) continue;
        const std::string text = own_text != nullptr
                                     ? std::string(own_text->text())
                                     : test::read_file(central->parent_path() / path);
        if (is_mended(text)) continue;
        INFO(path);
        const auto schema = json::parse(text, arena);
        REQUIRE(schema);
        const auto issues = lint(*schema);
        CHECK(passes(issues) == recorded.find("ok")->is_true());
        ++compared;
        const Value sanity = *expected->find("sanity");
        if (sanity.is_array()) CHECK(given_issues(issues) == recorded_issues(sanity));
    }
    CHECK(compared > (central ? 500 : 100));
}

TEST_CASE("a linter that is skipped says nothing") {
    for (const std::string& line : test::read_lines(test::golden("registry") / "lint.jsonl")) {
        json::Arena arena;
        const Value recorded = *json::parse(line, arena);
        const Value* text = recorded.find("schema_text");
        const Value* skips = recorded.find("skip");
        if (text == nullptr || skips == nullptr || is_mended(text->text())) continue;
        INFO(line);
        const Value schema = *json::parse(text->text(), arena);
        for (const json::Member& skip : skips->members()) {
            const bool expected = skip.value.is_string() ? recorded.find("ok")->is_true()
                                                         : skip.value.find("ok")->is_true();
            if (skip.value.is_object() && skip.value.find("ok") == nullptr) continue;
            INFO(skip.name);
            CHECK(passes(lint(schema, {.skipped = {std::string(skip.name)}})) == expected);
        }
    }
}

}  // namespace snowline::iglu::lint
