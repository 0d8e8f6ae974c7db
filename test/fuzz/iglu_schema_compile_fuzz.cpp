// Bytes → JSON → schema → compiled. Checked besides the sanitizers: a schema that is refused says
// why, and one that is accepted gives the same answer both ways, for any instance.
#include "common/check.h"
#include "common/json/parse.h"
#include "iglu/validate/validator.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace snowline;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    constexpr std::string_view kInstances[] = {"null",
                                               "-0",
                                               "1.50",
                                               "12345678901234567890",
                                               R"("2021-03-04T05:06:07Z")",
                                               "[1,1.0,\"a\"]",
                                               R"({"a":{"a":1,"b":[]},"b":"x"})"};
    json::Arena arena;
    const auto schema = json::parse({reinterpret_cast<const char*>(data), size}, arena);
    if (!schema) return 0;
    const auto compiled = iglu::validate::compile(*schema);
    if (!compiled) {
        SNOWLINE_CHECK(!compiled.error().empty());
        return 0;
    }
    for (const std::string_view text : kInstances) {
        const json::Value instance = json::parse(text, arena).value();
        SNOWLINE_CHECK(iglu::validate::is_valid(**compiled, instance) ==
                       iglu::validate::validate(**compiled, instance).empty());
    }
    return 0;
}
