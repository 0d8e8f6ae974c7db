#pragma once

#include "common/model/schema_key.h"
#include "iglu/resolve/life_cycle.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Schemas as pages for people: HTML that needs no script and nothing from elsewhere.
namespace snowline::iglu::catalogue {

struct Version {
    model::SchemaVer version;
    std::string text;  // the whole schema, JSON
    std::optional<model::SchemaVer> superseded_by;
    std::string published;  // a day, or empty where it is not known
};

/// All versions of one schema.
struct Entry {
    std::string vendor, name, format;
    std::vector<Version> versions;  // ascending, at least one
    std::optional<LifeCycle> life;

    const Version& latest() const { return versions.back(); }
};

struct PageOptions {
    std::string title;
    std::string today;  // `2026-11-25`; what sunset dates are compared with
    std::string note;   // HTML under the title of the index
    std::string index;  // where entries' pages find the index
    /// Where an entry's page is, as the index links to it.
    std::function<std::string(const Entry&)> link;
};

/// All entries: schema, what it is, latest version, owner, status.
std::string index_page(std::span<const Entry> entries, const PageOptions& options);

/// One: its versions with what each changed, the fields of the latest, and the latest's text.
std::string entry_page(const Entry& entry, const PageOptions& options);

}  // namespace snowline::iglu::catalogue
