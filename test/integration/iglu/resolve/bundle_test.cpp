#include "iglu/resolve/bundle.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <unistd.h>

namespace snowline::iglu {
namespace {

const model::SchemaKey kKey = *model::SchemaKey::parse("iglu:com.acme/event/jsonschema/1-0-0");

// A file that is gone when the test is over.
struct TemporaryFile {
    explicit TemporaryFile(const std::string& text)
        : path(std::filesystem::temp_directory_path() /
               ("bundle_test." + std::to_string(::getpid()))) {
        std::ofstream(path, std::ios::binary) << text;
    }
    ~TemporaryFile() { std::filesystem::remove(path); }
    std::filesystem::path path;
};

Result<std::unique_ptr<Registry>, std::string> opened(const std::string& text) {
    const TemporaryFile file(text);
    return bundle_registry({.name = "b", .vendor_prefixes = {}}, file.path);
}

}  // namespace

TEST_CASE("a bundle gives the schemas that it was made of") {
    const std::string text = write_bundle({{kKey, R"({"type":"object"})"}});
    const TemporaryFile file(text);
    CHECK(is_bundle(file.path));
    const auto bundle = opened(text);
    REQUIRE(bundle);
    CHECK((*bundle)->fetch(kKey) == R"({"type":"object"})");
    model::SchemaKey other = kKey;
    other.version.addition = 1;
    CHECK((*bundle)->fetch(other).error() == not_found());
    CHECK((*bundle)->list() == std::vector{kKey});
}

TEST_CASE("a bundle that was changed or cut is refused") {
    const std::string text = write_bundle({{kKey, R"({"type":"object"})"}});
    std::string changed = text;
    changed.replace(changed.find("object"), 6, "string");
    CHECK(opened(changed).error().ends_with("its hash is another"));
    CHECK_FALSE(opened(text.substr(0, text.size() - 1)));
    CHECK_FALSE(opened(""));
    CHECK(opened(R"({"bundle":"snowline-9","sha256":""})").error().find("snowline-9") !=
          std::string::npos);
}

TEST_CASE("an empty bundle is one") {
    const auto bundle = opened(write_bundle({}));
    REQUIRE(bundle);
    CHECK((*bundle)->list().empty());
}

}  // namespace snowline::iglu
