#pragma once

#include "common/model/schema_key.h"
#include "iglu/resolve/life_cycle.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// HTML pages about schemas, without scripts and external resources.
namespace snowline::iglu::catalogue {

struct Version {
    model::SchemaVer version;
    std::string text;  // the whole schema, JSON
    std::optional<model::SchemaVer> superseded_by;
    std::string published;  // a day; empty: unknown
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
    std::string today;  // `2026-11-25`; compared with sunset dates
    std::string note;   // HTML under the title of the index
    std::string index;  // the link from entries' pages to the index
    /// The link from the index to an entry's page.
    std::function<std::string(const Entry&)> link;
};

/// All entries: schema, what it is, latest version, owner, status.
std::string index_page(std::span<const Entry> entries, const PageOptions& options);

/// One: its versions with what each changed, the fields of the latest, and the latest's text.
std::string entry_page(const Entry& entry, const PageOptions& options);

}  // namespace snowline::iglu::catalogue
