#include "collector/access/app_ids.h"

#include "common/json/parse.h"

#include <algorithm>
#include <optional>

namespace snowline::collector::access {
namespace {

constexpr std::string_view kTrackerSchema =
    "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/";

void add(std::string_view id, std::vector<std::string>& ids) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.emplace_back(id);
}

/// Adds the app ids of the events in a tracker's body. False: it is no tracker's body.
bool add_of_body(std::string_view body, const std::optional<std::string>& of_query,
                 std::vector<std::string>& ids) {
    json::Arena arena;
    const auto parsed = json::parse(body, arena);
    if (!parsed) return false;
    const json::Value* schema = parsed->find("schema");
    const json::Value* data = parsed->find("data");
    const bool is_trackers = schema != nullptr && schema->is_string() &&
                             schema->text().starts_with(kTrackerSchema) && data != nullptr &&
                             data->is_array() && !data->items().empty();
    if (!is_trackers) return false;
    for (const json::Value& event : data->items()) {
        const json::Value* id = event.find("aid");
        if (id != nullptr && id->is_string()) {
            add(id->text(), ids);
        } else if (!of_query) {
            add("", ids);
        }
    }
    return true;
}

}  // namespace

std::vector<std::string> find_app_ids(const Request& request, const Query& query) {
    const auto of_query = query.find_last("aid");
    std::vector<std::string> out;
    if (of_query) out.push_back(*of_query);
    const bool has_events = !request.body.empty() && add_of_body(request.body, of_query, out);
    if (!has_events && out.empty()) out.emplace_back();
    return out;
}

}  // namespace snowline::collector::access
