#include "iglu/resolve/life_cycle.h"

#include "common/json/parse.h"
#include "common/text/name_table.h"
#include "common/text/time.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace snowline::iglu {
namespace {

using json::Value;
using Problems = std::vector<std::string>;

constexpr text::NameTable<Status, 4> kStatuses{{{"draft", Status::kDraft},
                                                {"active", Status::kActive},
                                                {"deprecated", Status::kDeprecated},
                                                {"sunset", Status::kSunset}}};

bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const auto number = [&](std::size_t at, std::size_t size) {
        int value = -1;
        const char* end = text.data() + at + size;
        return std::from_chars(text.data() + at, end, value).ptr == end ? value : -1;
    };
    const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
    return year >= 0 && month >= 0 && day >= 0 &&
           text::from_civil({year, month, day, 0, 0, 0, 0}).has_value();
}

// A member that is a text; what is something else is a problem.
std::optional<std::string> text_of(Value object, std::string_view name, std::string_view place,
                                   Problems& problems) {
    const Value* member = object.find(name);
    if (member == nullptr) return std::nullopt;
    if (!member->is_string()) {
        problems.push_back(fmt::format("{}/{}: it is no text", place, name));
        return std::nullopt;
    }
    return std::string(member->text());
}

void check_names(Value object, std::initializer_list<std::string_view> known,
                 std::string_view place, Problems& problems) {
    for (const json::Member& member : object.members()) {
        if (std::find(known.begin(), known.end(), member.name) == known.end()) {
            problems.push_back(fmt::format("{}/{}: no such name; there are {}", place, member.name,
                                           fmt::join(known, ", ")));
        }
    }
}

LifeStage stage_in(Value object, std::string_view place, const LifeStage& otherwise,
                   Problems& problems) {
    LifeStage stage = otherwise;
    if (const auto status = text_of(object, "status", place, problems)) {
        if (const auto found = kStatuses.find(*status))
            stage.status = *found;
        else
            problems.push_back(fmt::format(
                "{}/status: \"{}\" is none of draft, active, deprecated, sunset", place, *status));
    }
    if (const auto date = text_of(object, "sunset", place, problems)) {
        if (is_date(*date))
            stage.sunset_date = *date;
        else
            problems.push_back(
                fmt::format("{}/sunset: \"{}\" is no date like 2027-01-31", place, *date));
    }
    if (const auto successor = text_of(object, "successor", place, problems)) {
        if (model::SchemaVer::parse(*successor) || model::SchemaKey::parse(*successor))
            stage.successor = *successor;
        else
            problems.push_back(
                fmt::format("{}/successor: \"{}\" is neither a version nor an iglu: "
                            "URI",
                            place, *successor));
    }
    return stage;
}

}  // namespace

std::string_view name_of(Status status) {
    return kStatuses.name_of(status);
}

const LifeStage& LifeCycle::stage_of(const model::SchemaVer& version) const {
    const auto own = versions.find(version);
    return own == versions.end() ? stage : own->second;
}

Result<LifeCycle, Problems> LifeCycle::parse(std::string_view text) {
    json::Arena arena;
    const auto parsed = json::parse(text, arena);
    if (!parsed) return unexpected(Problems{parsed.error().message});
    if (!parsed->is_object()) return unexpected(Problems{"it is no object"});
    Problems problems;
    check_names(*parsed, {"owner", "domain", "status", "sunset", "successor", "versions"}, "",
                problems);
    LifeCycle life;
    life.owner = text_of(*parsed, "owner", "", problems).value_or("");
    life.domain = text_of(*parsed, "domain", "", problems).value_or("");
    life.stage = stage_in(*parsed, "", {}, problems);
    const Value* versions = parsed->find("versions");
    if (versions != nullptr && !versions->is_object())
        problems.push_back("/versions: it is no object");
    if (versions != nullptr && versions->is_object()) {
        for (const json::Member& member : versions->members()) {
            const std::string place = fmt::format("/versions/{}", member.name);
            const auto version = model::SchemaVer::parse(member.name);
            if (!version || !member.value.is_object()) {
                problems.push_back(place + ": it is no version with an object");
                continue;
            }
            check_names(member.value, {"status", "sunset", "successor"}, place, problems);
            life.versions.emplace(*version, stage_in(member.value, place, life.stage, problems));
        }
    }
    if (!problems.empty()) return unexpected(problems);
    return life;
}

Status status_on(const LifeStage& stage, std::string_view day) {
    return stage.sunset_date && *stage.sunset_date <= day ? Status::kSunset : stage.status;
}

}  // namespace snowline::iglu
