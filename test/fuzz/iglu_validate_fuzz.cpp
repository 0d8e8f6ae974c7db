// A schema in the first line, an instance in the rest. Checked besides the sanitizers: both ways to
// validate agree, a report says where and by which keyword, and asking again gives the same.
#include "common/check.h"
#include "common/json/parse.h"
#include "iglu/validate/validator.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace snowline;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line_end = input.find('\n');
    if (line_end == std::string_view::npos) return 0;
    json::Arena arena;
    const auto schema = json::parse(input.substr(0, line_end), arena);
    const auto instance = json::parse(input.substr(line_end + 1), arena);
    if (!schema || !instance) return 0;
    const auto compiled = iglu::validate::compile(*schema);
    if (!compiled) return 0;

    const auto reports = iglu::validate::validate(**compiled, *instance);
    SNOWLINE_CHECK(iglu::validate::is_valid(**compiled, *instance) == reports.empty());
    for (const auto& report : reports) {
        SNOWLINE_CHECK(report.path.starts_with('$') && !report.keyword.empty());
        SNOWLINE_CHECK(report.message.starts_with(report.path));
    }
    SNOWLINE_CHECK(iglu::validate::validate(**compiled, *instance) == reports);
    return 0;
}
