// JSONTestSuite: y_ must be read, n_ refused, i_ may be either; what we do with those is written
// down here.
#include "common/json/parse.h"
#include "common/json/print.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

using namespace snowline;

namespace fs = std::filesystem;

namespace {

fs::path suite() {
    const char* shared = std::getenv("SNOWLINE_SHARED");
    const fs::path base =
        shared ? fs::path(shared) : fs::path(SNOWLINE_SOURCE_DIR).parent_path() / "shared";
    return base / "suites" / "json-parsing" / "test_parsing";
}

std::string contents(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Of what may be either, we read all but bytes that are no UTF-8, and a BOM: numbers keep their
// text, escaped lone surrogates their place.
constexpr std::string_view kRefused[] = {"i_string_UTF-16LE_with_BOM.json",
                                         "i_string_UTF-8_invalid_sequence.json",
                                         "i_string_UTF8_surrogate_U+D800.json",
                                         "i_string_invalid_utf-8.json",
                                         "i_string_iso_latin_1.json",
                                         "i_string_lone_utf8_continuation_byte.json",
                                         "i_string_not_in_unicode_range.json",
                                         "i_string_overlong_sequence_2_bytes.json",
                                         "i_string_overlong_sequence_6_bytes.json",
                                         "i_string_overlong_sequence_6_bytes_null.json",
                                         "i_string_truncated-utf-8.json",
                                         "i_string_utf16BE_no_BOM.json",
                                         "i_string_utf16LE_no_BOM.json",
                                         "i_structure_UTF-8_BOM_empty_object.json"};

bool reads(const std::string& name) {
    if (name.starts_with("y_")) return true;
    if (name.starts_with("n_")) return false;
    return std::find(std::begin(kRefused), std::end(kRefused), name) == std::end(kRefused);
}

}  // namespace

TEST_CASE("JSONTestSuite") {
    if (!fs::exists(suite())) {
        std::puts("skipped: JSONTestSuite is not there");
        return;
    }
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(suite())) {
        if (entry.path().extension() != ".json") continue;
        const std::string name = entry.path().filename().string();
        CAPTURE(name);
        json::Arena arena;
        const std::string text = contents(entry.path());
        const auto value = json::parse(text, arena);
        CHECK(value.has_value() == reads(name));
        ++files;
        if (!value) continue;
        const std::string printed = json::print(*value);
        json::Arena again_arena;
        const auto again = json::parse(printed, again_arena);
        REQUIRE(again);
        CHECK(json::print(*again) == printed);
    }
    CHECK(files > 300);
}
