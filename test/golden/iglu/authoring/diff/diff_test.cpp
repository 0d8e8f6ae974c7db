// Neighbouring versions of Iglu Central's schemas: data that shows each narrowing, and none that
// contradicts an ADDITION.
#include "iglu/authoring/diff/diff.h"

#include "common/json/parse.h"
#include "iglu/resolve/folder_registry.h"
#include "iglu/validate/validator.h"
#include "test/support/golden.h"
#include "test/support/instances.h"

#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

namespace snowline::iglu::diff {

TEST_CASE("versions of Iglu Central are compared without a contradiction") {
    constexpr int kInstances = 1'000;
    const auto central = test::shared("iglu-central");
    if (!central) return;
    const auto folder = folder_registry({.name = "central", .vendor_prefixes = {}}, *central);
    auto keys = folder->list();
    std::sort(keys.begin(), keys.end());
    std::map<Bump, int> needed;
    int too_small = 0;
    std::uint32_t seed = 0;
    for (std::size_t i = 1; i < keys.size(); ++i) {
        const model::SchemaKey& before = keys[i - 1];
        const model::SchemaKey& after = keys[i];
        const bool neighbours = before.vendor == after.vendor && before.name == after.name &&
                                before.format == after.format && after.format == "jsonschema";
        if (!neighbours) continue;
        INFO(before.to_uri() << " -> " << after.to_uri());
        json::Arena arena;
        const std::string old_text = *folder->fetch(before);
        const std::string new_text = *folder->fetch(after);
        const auto old_json = json::parse(old_text, arena);
        const auto new_json = json::parse(new_text, arena);
        REQUIRE((old_json && new_json));
        const auto difference = diff(*old_json, *new_json);
        REQUIRE(difference);
        ++needed[difference->bump];
        if (!is_enough(declared_bump(before.version, after.version), difference->bump)) ++too_small;
        const auto old_schema = *validate::compile(*old_json);
        const auto new_schema = *validate::compile(*new_json);
        for (const Change& change : difference->changes) {
            if (change.bump == Bump::kAddition) continue;
            INFO(name_of(change.bump) << " " << change.pointer << ": " << change.reason);
            if (change.bump == Bump::kUndecided) continue;
            const auto example = json::parse(change.counter_example, arena);
            REQUIRE(example);
            CHECK(validate::is_valid(*old_schema, *example));
            CHECK_FALSE(validate::is_valid(*new_schema, *example));
        }
        if (!difference->accepts_all_before()) continue;
        test::Instances instances(++seed);
        for (int n = 0; n < kInstances; ++n) {
            json::Arena values;
            const std::string text = instances.next(n % 2 == 0 ? *old_json : *new_json);
            const auto instance = json::parse(text, values);
            REQUIRE(instance);
            const bool contradicts = validate::is_valid(*old_schema, *instance) &&
                                     !validate::is_valid(*new_schema, *instance);
            if (contradicts) FAIL(text);
        }
    }
    WARN(needed[Bump::kNone] << " equal, " << needed[Bump::kAddition] << " ADDITION, "
                             << needed[Bump::kRevision] << " REVISION, " << needed[Bump::kModel]
                             << " MODEL, " << needed[Bump::kUndecided] << " UNDECIDED; "
                             << too_small << " declared too small");
    CHECK(needed[Bump::kAddition] > 50);
    CHECK(needed[Bump::kUndecided] <= 6);  // oneOf, anyOf and patternProperties that differ
}

}  // namespace snowline::iglu::diff
