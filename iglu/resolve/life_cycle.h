#pragma once

#include "common/json/value.h"
#include "common/model/schema_key.h"
#include "common/result.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::iglu {

enum class Status { kDraft, kActive, kDeprecated, kSunset };
std::string_view name_of(Status status);  // `deprecated`

/// Where a schema is in its life, and who answers for it.
struct LifeStage {
    Status status = Status::kActive;
    std::optional<std::string>
        sunset_date;        // `2027-01-31`: from that day on nothing new may use it
    std::string successor;  // what to use instead: a version or an `iglu:` URI
};

/// The side file of a schema, `vendor/name/life-cycle.json`, beside its folders of versions: where
/// the reference's tools, which read below `jsonschema` only, do not see it.
///
///     {"owner": "team-checkout@acme.com", "domain": "shop", "status": "active",
///      "versions": {"1-0-0": {"status": "deprecated", "sunset": "2027-01-31",
///                             "successor": "1-1-0"}}}
struct LifeCycle {
    std::string owner, domain;
    LifeStage stage;  // of versions that have none of their own
    std::map<model::SchemaVer, LifeStage> versions;

    const LifeStage& stage_of(const model::SchemaVer& version) const;

    /// Else everything that is wrong with it, in words.
    static Result<LifeCycle, std::vector<std::string>> parse(std::string_view text);
};

inline constexpr std::string_view kLifeCycleFile = "life-cycle.json";

/// The status on a day (`2026-11-25`): a sunset date that has come makes it kSunset.
Status status_on(const LifeStage& stage, std::string_view day);

}  // namespace snowline::iglu
