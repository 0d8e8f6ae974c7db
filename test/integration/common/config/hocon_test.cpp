// The HOCON table, test/integration/hocon: NAME.conf beside what com.typesafe:config 1.4 makes of
// it, NAME.json (test_hocon_oracle.py derives it again), or beside our error, NAME.error.
#include "common/config/load.h"
#include "common/json/parse.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <catch2/catch.hpp>

using namespace snowline;

namespace fs = std::filesystem;

namespace {

const fs::path kTable = fs::path(SNOWLINE_SOURCE_DIR) / "test" / "integration" / "hocon";

std::string contents(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

config::Tree load(const fs::path& path) {
    config::LoadOptions options;
    options.environment = [](const std::string& name) -> std::optional<std::string> {
        static const std::map<std::string, std::string> kVariables = {
            {"SNOWLINE_TEST_HOST", "example.org"},
            {"SNOWLINE_TEST_PORT", "8080"},
            {"SNOWLINE_TEST_EMPTY", ""},
            {"SNOWLINE_TEST_SHADOWED", "environment"}};
        const auto found = kVariables.find(name);
        if (found == kVariables.end()) return std::nullopt;
        return found->second;
    };
    return config::load_file(path.string(), options);
}

double number(json::Value value) {
    return std::strtod(std::string(value.text()).c_str(), nullptr);
}

// Members in any order; numbers by what they are worth, since the library writes 1.0 as 1.
bool same(json::Value a, json::Value b) {
    if (a.type() != b.type()) return false;
    switch (a.type()) {
        case json::Type::kNumber:
            return number(a) == number(b);
        case json::Type::kString:
            return a.text() == b.text();
        case json::Type::kArray:
            return std::equal(a.items().begin(), a.items().end(), b.items().begin(),
                              b.items().end(), same);
        case json::Type::kObject:
            return a.members().size() == b.members().size() &&
                   std::all_of(a.members().begin(), a.members().end(), [&](const json::Member& m) {
                       const json::Value* other = b.find(m.name);
                       return other && same(m.value, *other);
                   });
        default:
            return true;
    }
}

void check_value(const fs::path& path) {
    json::Arena arena;
    const std::string expected_text = contents(fs::path(path).replace_extension(".json"));
    const auto expected = json::parse(expected_text, arena);
    REQUIRE(expected);
    try {
        const auto tree = load(path);
        const json::Value read = config::to_json(tree.root(), arena);
        INFO(config::print(tree.root()));
        CHECK(same(read, *expected));
    } catch (const config::Error& error) {
        FAIL_CHECK(error.what());
    }
}

void check_error(const fs::path& path) {
    std::string expected = contents(fs::path(path).replace_extension(".error"));
    if (expected.ends_with('\n')) expected.pop_back();
    try {
        const auto tree = load(path);
        FAIL_CHECK("read as " << config::print(tree.root()));
    } catch (const config::Error& error) {
        std::string message = error.what();
        const std::string folder = kTable.string() + "/";
        for (auto at = message.find(folder); at != std::string::npos; at = message.find(folder)) {
            message.erase(at, folder.size());
        }
        CHECK(message == expected);
    }
}

}  // namespace

TEST_CASE("the table of HOCON files reads as com.typesafe:config reads it", "[config]") {
    std::size_t values = 0;
    std::size_t errors = 0;
    for (const auto& entry : fs::directory_iterator(kTable)) {
        if (entry.path().extension() != ".conf") continue;
        CAPTURE(entry.path().stem().string());
        if (fs::exists(fs::path(entry.path()).replace_extension(".error"))) {
            check_error(entry.path());
            ++errors;
        } else {
            check_value(entry.path());
            ++values;
        }
    }
    CHECK(values >= 60);
    CHECK(errors >= 45);
}
