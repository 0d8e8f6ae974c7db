#include "cli/schema/rehearsal.h"

#include "cli/schema/row_instances.h"
#include "common/json/print.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

// A limit, as the rows determine the number of names.
constexpr std::size_t kNamesMax = 100;
constexpr std::size_t kCausesMax = 200;
constexpr std::size_t kExampleBytesMax = 400;
constexpr std::string_view kOthers = "(others)";

// `$.items[3].price` → `/items/*/price`
std::string pointer_of(std::string_view path) {
    std::string pointer;
    for (std::size_t i = 1; i < path.size(); ++i) {
        if (path[i] == '[') {
            pointer += "/*";
            i = std::min(path.find(']', i), path.size());
        } else {
            pointer += path[i] == '.' ? '/' : path[i];
        }
    }
    return pointer.empty() ? "/" : pointer;
}

// The place of a report: a missing or unexpected member is reported at its object.
std::string place_of(const iglu::validate::Report& report) {
    std::string pointer = pointer_of(report.path);
    const bool is_of_member =
        report.keyword == "required" || report.keyword == "additionalProperties";
    if (!is_of_member || report.targets.empty()) return pointer;
    return (pointer == "/" ? "" : pointer) + "/" + report.targets.front();
}

std::string shortened(std::string text) {
    if (text.size() <= kExampleBytesMax) return text;
    std::size_t end = kExampleBytesMax;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "…";
}

std::string percent(const Rehearsal::Share& share) {
    const double part = share.instances == 0 ? 0.0
                                             : 100.0 * static_cast<double>(share.refused) /
                                                   static_cast<double>(share.instances);
    return fmt::format("{:.{}f} %", part, part > 0 && part < 1 ? 3 : 1);
}

}  // namespace

void Rehearsal::count(ByName& shares, const std::string& name, bool is_refused) {
    auto at = shares.find(name);
    if (at == shares.end()) {
        const bool has_room = shares.size() < kNamesMax;
        at = shares.try_emplace(has_room ? name : std::string(kOthers)).first;
    }
    ++at->second.instances;
    if (is_refused) ++at->second.refused;
}

void Rehearsal::add_row(std::string_view text) {
    json::Arena arena;
    ++rows_;
    const auto row = read_row(text, arena);
    if (!row) {
        ++unreadable_;
        return;
    }
    bool has_it = false;
    for (const RowInstance& instance : row->instances) {
        if (!instance.is_of(key_)) continue;
        has_it = true;
        const auto reports = iglu::validate::validate(*schema_, instance.data);
        ++all_.instances;
        count(versions_, instance.version(), !reports.empty());
        count(apps_, row->app_id, !reports.empty());
        if (reports.empty()) continue;
        ++all_.refused;
        std::set<std::pair<std::string, std::string>> seen;  // an array counts once for each place
        for (const iglu::validate::Report& report : reports) {
            std::pair place(place_of(report), report.keyword);
            if (!seen.insert(place).second) continue;
            if (causes_.size() >= kCausesMax && !causes_.contains(place)) {
                ++untold_;
                continue;
            }
            Cause& cause = causes_[place];
            if (cause.instances++ > 0) continue;
            cause = {.pointer = place.first,
                     .keyword = place.second,
                     .instances = 1,
                     .message = report.message,
                     .event_id = row->event_id,
                     .app_id = row->app_id,
                     .version = instance.version(),
                     .example = json::print(instance.data)};
        }
    }
    if (has_it) ++rows_with_it_;
}

std::vector<Rehearsal::Cause> Rehearsal::causes() const {
    std::vector<Cause> out;
    for (const auto& [place, cause] : causes_) out.push_back(cause);
    std::stable_sort(out.begin(), out.end(),
                     [](const Cause& a, const Cause& b) { return a.instances > b.instances; });
    return out;
}

std::string Rehearsal::report(std::size_t examples) const {
    std::string out = fmt::format("{} rows, {} with {}/{}: {} instances\n", rows_, rows_with_it_,
                                  key_.vendor, key_.name, all_.instances);
    if (unreadable_ > 0) out += fmt::format("{} rows could not be read\n", unreadable_);
    if (all_.instances == 0) return out + "nothing to try it on\n";
    if (!refuses_some()) return out + fmt::format("{} would take all of them\n", key_.to_uri());
    out +=
        fmt::format("{} would refuse {} of them, {}\n", key_.to_uri(), all_.refused, percent(all_));
    const auto table = [&](std::string_view title, const ByName& shares) {
        out += fmt::format("\n{}\n", title);
        for (const auto& [name, share] : shares) {
            out += fmt::format("  {:<24} {} of {}, {}\n", name.empty() ? "(none)" : name,
                               share.refused, share.instances, percent(share));
        }
    };
    table("by version", versions_);
    table("by app id", apps_);
    out += "\nwhy\n";
    std::size_t shown = 0;
    const auto all_causes = causes();
    for (const Cause& cause : all_causes) {
        if (shown++ == examples) {
            out += fmt::format("  and {} other places; --examples shows more\n",
                               all_causes.size() - examples);
            break;
        }
        out += fmt::format("  {} instances  {}  {}\n      {}\n", cause.instances, cause.pointer,
                           cause.keyword, cause.message);
        out += fmt::format("      for example {}{}{}: {}\n", cause.version,
                           cause.app_id.empty() ? "" : " of app " + cause.app_id,
                           cause.event_id.empty() ? "" : " in event " + cause.event_id,
                           shortened(cause.example));
    }
    if (untold_ > 0) out += fmt::format("  {} instances at still other places\n", untold_);
    return out;
}

std::string Rehearsal::to_json() const {
    const auto shares = [](const ByName& names) {
        std::string out;
        for (const auto& [name, share] : names) {
            out += fmt::format(R"({}{}:{{"instances":{},"refused":{}}})", out.empty() ? "" : ",",
                               json::quoted(name), share.instances, share.refused);
        }
        return out;
    };
    std::string items;
    for (const Cause& cause : causes()) {
        items += fmt::format(
            R"({}{{"pointer":{},"keyword":{},"instances":{},"message":{},"example":{{"version":{},)"
            R"("appId":{},"eventId":{},"data":{}}}}})",
            items.empty() ? "" : ",", json::quoted(cause.pointer), json::quoted(cause.keyword),
            cause.instances, json::quoted(cause.message), json::quoted(cause.version),
            json::quoted(cause.app_id), json::quoted(cause.event_id), cause.example);
    }
    return fmt::format(
        R"({{"schema":{},"rows":{},"unreadable":{},"rowsWithIt":{},"instances":{},"refused":{},)"
        R"("versions":{{{}}},"apps":{{{}}},"causes":[{}]}})",
        json::quoted(key_.to_uri()), rows_, unreadable_, rows_with_it_, all_.instances,
        all_.refused, shares(versions_), shares(apps_), items);
}

}  // namespace snowline::cli
