// Any bytes as a configuration: a tree or an error with a position, and whatever a tree holds can
// be printed, read again as JSON, and decoded by units. Includes are not followed.
#include "common/config/load.h"
#include "common/config/units.h"
#include "common/json/parse.h"
#include "common/json/print.h"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace snowline;

// Small limits, so that a run spends its time on more inputs.
config::LoadOptions options() {
    config::LoadOptions out;
    out.limits = {.bytes_max = 1 << 16,
                  .tokens_max = 20'000,
                  .includes_max = 0,
                  .values_max = 20'000,
                  .text_max = 1 << 20,
                  .steps_max = 50'000,
                  .resolving_max = 300};
    out.environment = [](const std::string& name) -> std::optional<std::string> {
        if (name == "E") return "environment";
        return std::nullopt;
    };
    return out;
}

void read_units(const config::Value& value) {
    config::parse_duration(value.text);
    config::parse_size(value.text);
    config::parse_period(value.text);
    for (const auto& item : value.items) read_units(item);
    for (const auto& member : value.members) read_units(member.value);
}

void check(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const auto tree = config::load_text(text, "fuzz.conf", options());
        read_units(tree.root());
        json::Arena arena;
        const std::string printed = json::print(config::to_json(tree.root(), arena));
        check(json::parse(printed, arena).has_value());
    } catch (const config::Error& error) {
        check(!error.problems().empty());
        check(error.problems().front().position.file != nullptr);
    }
    return 0;
}
