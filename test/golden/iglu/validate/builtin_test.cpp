// The built-in schemas judge as Iglu Central's of the same key do.
#include "common/json/parse.h"
#include "iglu/resolve/builtin_registry.h"
#include "iglu/validate/validator.h"
#include "test/support/golden.h"
#include "test/support/instances.h"

#include <catch2/catch.hpp>

namespace snowline::iglu {

TEST_CASE("built-in schemas judge 50 instances each as Iglu Central's do") {
    constexpr int kInstances = 50;
    const auto central = test::shared("iglu-central/schemas");
    if (!central) return;
    int valid = 0;
    int invalid = 0;
    std::uint32_t seed = 0;
    for (const BuiltinSchema& builtin : builtin_schemas()) {
        if (builtin.path.starts_with("io.snowline/")) continue;  // our own, which Central has not
        INFO(builtin.path);
        REQUIRE(std::filesystem::exists(*central / builtin.path));
        json::Arena arena;
        const std::string theirs_text = test::read_file(*central / builtin.path);
        const auto ours = json::parse(builtin.text, arena);
        const auto theirs = json::parse(theirs_text, arena);
        REQUIRE((ours && theirs));
        const auto our_schema = validate::compile(*ours);
        const auto their_schema = validate::compile(*theirs);
        REQUIRE((our_schema && their_schema));
        test::Instances instances(++seed);
        for (int i = 0; i < kInstances; ++i) {
            // Both sides' own: a member that only one of them knows is found out, too.
            const std::string text = instances.next(i % 2 == 0 ? *ours : *theirs);
            const auto instance = json::parse(text, arena);
            INFO(text);
            REQUIRE(instance);
            const bool verdict = validate::is_valid(**our_schema, *instance);
            CHECK(verdict == validate::is_valid(**their_schema, *instance));
            CHECK(verdict == validate::validate(**our_schema, *instance).empty());
            ++(verdict ? valid : invalid);
        }
    }
    INFO(valid << " valid, " << invalid << " invalid");
    CHECK(valid > 1'000);
    CHECK(invalid > 1'000);
}

}  // namespace snowline::iglu
