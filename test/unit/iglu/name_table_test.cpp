#include "iglu/schema/name_table.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace snowline::iglu::schema {
namespace {

TEST_CASE("a name of any length is found, and none that is like it") {
    // All lengths up to three times what an entry holds, and such that differ in one byte.
    std::vector<std::string> names = {""};
    for (std::size_t size = 1; size <= 48; ++size) {
        std::string name;
        for (std::size_t i = 0; i < size; ++i) name += static_cast<char>('a' + (i * 7 + size) % 26);
        names.push_back(name);
        name[size / 2] = '_';
        names.push_back(name);
    }
    const NameTable table(std::vector<std::string_view>(names.begin(), names.end()));
    REQUIRE(table.size() == names.size());
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        CAPTURE(names[i]);
        CHECK(table.find(names[i]) == i);
        CHECK(table.name(i) == names[i]);
        for (std::size_t at = 0; at < names[i].size(); ++at) {
            std::string other = names[i];
            other[at] = '!';
            CHECK(table.find(other) == NameTable::kAbsent);
        }
        CHECK(table.find(names[i] + "!") == NameTable::kAbsent);
    }
}

TEST_CASE("a table without names has none, not even the empty one") {
    const NameTable table;
    CHECK(table.find("") == NameTable::kAbsent);
    CHECK(table.find("a") == NameTable::kAbsent);
    CHECK(table.view().look_up("").tag == 0);
}

TEST_CASE("tags come with the names; no name has none") {
    const std::vector<std::string_view> names = {"a", "b", "a", "a name that is long"};
    NameTable table(names);
    for (std::uint32_t i = 0; i < names.size(); ++i) table.tag(i, i + 10);
    CHECK(table.view().look_up("a").tag == 10);  // of two the first one
    CHECK(table.view().look_up("b").tag == 11);
    CHECK(table.view().look_up("a name that is long").tag == 13);
    CHECK(table.view().look_up("c").tag == 0);
    NameTable moved = std::move(table);
    CHECK(moved.find("b") == 1);
}

TEST_CASE("names made to collide are told apart all the same") {
    std::vector<std::string> names;
    for (int i = 0; i < 500; ++i) names.push_back("12345678" + std::to_string(i) + "12345678");
    const NameTable table(std::vector<std::string_view>(names.begin(), names.end()));
    for (std::uint32_t i = 0; i < names.size(); ++i) CHECK(table.find(names[i]) == i);
    CHECK(table.find("12345678-112345678") == NameTable::kAbsent);
}

}  // namespace
}  // namespace snowline::iglu::schema
