// Any bytes as a record of the raw topic: at least one row each, and every row well-formed.
#include "common/check.h"
#include "common/json/parse.h"
#include "test/support/enricher_core.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

using namespace snowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static test::EnricherCore core;
    core.settings.outputs =
        enricher::Outputs({enricher::good_json_output(), enricher::good_output(),
                           enricher::bad_output(), enricher::failed_output()});
    static json::Arena arena;
    const std::string_view record(reinterpret_cast<const char*>(data), size);
    const auto rows = core.rows(record);
    SNOWLINE_CHECK(!rows.empty());
    for (const enricher::Row& row : rows) {
        const bool is_json = core.settings.outputs[row.output].format != enricher::Format::kTsv;
        arena.reset();
        if (is_json) SNOWLINE_CHECK(json::parse(row.value, arena).has_value());
        const auto tabs = std::count(row.value.begin(), row.value.end(), '\t');
        SNOWLINE_CHECK(is_json || tabs == enricher::kFieldCount - 1);
    }
    return 0;
}
