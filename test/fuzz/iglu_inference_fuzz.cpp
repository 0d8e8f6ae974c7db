// Bytes → JSON → a schema learnt from it. Checked besides the sanitizers: the schema compiles, and
// takes what it was learnt from, also each item of an array as an example of its own.
#include "common/check.h"
#include "common/json/parse.h"
#include "iglu/authoring/infer/inference.h"
#include "iglu/validate/validator.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

using namespace snowline;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    json::Arena arena;
    const auto json = json::parse({reinterpret_cast<const char*>(data), size}, arena);
    if (!json) return 0;
    std::vector<json::Value> examples{*json};
    if (json->is_array()) examples.assign(json->items().begin(), json->items().end());
    if (examples.empty()) return 0;  // no schema is asked for
    iglu::infer::Inference inference;
    for (const json::Value& example : examples) inference.add(example);
    const auto key = *model::SchemaKey::parse("iglu:com.acme/event/jsonschema/1-0-0");
    for (const bool enums : {false, true}) {
        const std::string text = inference.schema(key, {.enums = enums});
        const auto compiled = iglu::validate::compile(json::parse(text, arena).value());
        SNOWLINE_CHECK(compiled.has_value());
        for (const json::Value& example : examples) {
            const auto reports = iglu::validate::validate(**compiled, example);
            // What is too much for any schema is too much for this one.
            SNOWLINE_CHECK(reports.empty() || reports.front().keyword == "limit");
        }
    }
    return 0;
}
