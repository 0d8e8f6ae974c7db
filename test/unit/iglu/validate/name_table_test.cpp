#include "iglu/validate/name_table.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace snowline::iglu::validate {
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
    CHECK(table.view().look_up("") == 0);
}

TEST_CASE("tags come with the names; no name has none") {
    const std::vector<std::string_view> names = {"a", "b", "a", "a name that is long"};
    NameTable table(names);
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        table.tag(i, (i + 10) << NameTable::kOwnBits);
    }
    const auto tag_of = [&](std::string_view name) {
        const std::uint32_t tag = table.view().look_up(name);
        CHECK((tag & NameTable::kNeverSet) == 0);
        return tag >> NameTable::kOwnBits;
    };
    CHECK(tag_of("a") == 10);  // of two the first one
    CHECK(tag_of("b") == 11);
    CHECK(tag_of("a name that is long") == 13);
    CHECK(table.view().look_up("c") == 0);
    NameTable moved = std::move(table);
    CHECK(moved.find("b") == 1);
}

TEST_CASE(
    "names that are longer than an entry's head can say are found, and none that is like it") {
    std::vector<std::string> names = {"short"};
    for (const std::size_t size : {2045, 2046, 2047, 2048, 4095, 4096, 10'000}) {
        names.push_back(std::string(size, 'x'));
    }
    NameTable table(std::vector<std::string_view>(names.begin(), names.end()));
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        CAPTURE(names[i].size());
        table.tag(i, 1U << 31);
        CHECK(table.find(names[i]) == i);
        CHECK(table.name(i) == names[i]);
        CHECK(table.view().look_up(names[i]) >> NameTable::kOwnBits != 0);
    }
    for (const std::size_t size : {2044, 2049, 4094, 4097, 6143, 9'999, 1'000'000}) {
        CHECK(table.find(std::string(size, 'x')) == NameTable::kAbsent);
    }
    std::string other = names.back();
    other[5'000] = 'y';
    CHECK(table.find(other) == NameTable::kAbsent);
}

TEST_CASE("more names than slots of 16 bits can say are found") {
    std::vector<std::string> names;
    for (int i = 0; i < 30'000; ++i) names.push_back("name_" + std::to_string(i * 7));
    const NameTable table(std::vector<std::string_view>(names.begin(), names.end()));
    REQUIRE(table.shape().wide);
    bool all = true;
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        all = all && table.find(names[i]) == i && table.name(i) == names[i];
    }
    CHECK(all);
    CHECK(table.find("name_1") == NameTable::kAbsent);
    CHECK(table.find(std::string(5'000, 'n')) == NameTable::kAbsent);
}

TEST_CASE("what the bytes are copied to is read once the table has moved there") {
    const std::vector<std::string_view> names = {"a", "a_longer_name", "and a name of many bytes"};
    NameTable table(names);
    const std::vector<std::byte> copy(table.bytes().begin(), table.bytes().end());
    table.moved_to(copy.data());
    CHECK(table.bytes().data() == copy.data());
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        CHECK(table.find(names[i]) == i);
        CHECK(table.name(i) == names[i]);
    }
}

TEST_CASE("names made to collide are told apart all the same") {
    std::vector<std::string> names;
    for (int i = 0; i < 500; ++i) names.push_back("12345678" + std::to_string(i) + "12345678");
    const NameTable table(std::vector<std::string_view>(names.begin(), names.end()));
    for (std::uint32_t i = 0; i < names.size(); ++i) CHECK(table.find(names[i]) == i);
    CHECK(table.find("12345678-112345678") == NameTable::kAbsent);
}

}  // namespace
}  // namespace snowline::iglu::validate
