#include "common/model/bad_row.h"

#include "common/json/print.h"
#include "common/text/time.h"

namespace snowline::model {

std::string begin_bad_row(std::string_view name_and_version, const Artifact& processor,
                          std::int64_t timestamp_ms) {
    std::string out = R"({"schema":"iglu:com.snowplowanalytics.snowplow.badrows/)";
    out += name_and_version;
    out += R"(","data":{"processor":{"artifact":)";
    json::print_string(processor.name, out);
    out += R"(,"version":)";
    json::print_string(processor.version, out);
    out += R"(},"failure":{"timestamp":")";
    out += text::format_instant(timestamp_ms);
    out += '"';
    return out;
}

}  // namespace snowline::model
