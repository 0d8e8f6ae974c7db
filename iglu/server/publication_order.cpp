#include "iglu/server/publication_order.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace snowline::iglu::server {
namespace {

using Published = std::span<const PublishedVersion>;

template <class Condition>
bool any(Published published, Condition condition) {
    return std::any_of(published.begin(), published.end(),
                       [&](const PublishedVersion& item) { return condition(item.version); });
}

std::string_view name_of(Access access) {
    return access == Access::kPublic ? "public" : "private";
}

std::optional<std::string> access_refusal(Access wanted, Published published) {
    if (published.empty()) return std::nullopt;
    const bool all_public =
        std::all_of(published.begin(), published.end(),
                    [](const PublishedVersion& item) { return item.access == Access::kPublic; });
    const Access before = all_public ? Access::kPublic : Access::kPrivate;
    if (wanted == before) return std::nullopt;
    return fmt::format(
        "Inconsistent schema availability. Cannot add {} schema, previous versions are {}",
        name_of(wanted), name_of(before));
}

std::optional<std::string> sequence_refusal(const model::SchemaVer& wanted, Published published) {
    static constexpr const char* kMissing =
        "Preceding SchemaVer in the group is missing, check that schemas published in "
        "proper order";
    if (wanted == model::SchemaVer{1, 0, 0}) return std::nullopt;
    if (wanted.addition > 0) {
        if (!any(published, [&](const model::SchemaVer& other) {
                return other ==
                       model::SchemaVer{wanted.model, wanted.revision, wanted.addition - 1};
            })) {
            return kMissing;
        }
        const bool is_closed = any(published, [&](const model::SchemaVer& other) {
            return other.model == wanted.model && other.revision == wanted.revision + 1;
        });
        if (is_closed) return "The schema version is not sequential";
        return std::nullopt;
    }
    const bool has_predecessor = any(published, [&](const model::SchemaVer& other) {
        if (wanted.revision == 0) return other.model == wanted.model - 1;
        return other.model == wanted.model && other.revision == wanted.revision - 1;
    });
    if (!has_predecessor) return kMissing;
    return std::nullopt;
}

std::optional<std::string> superseding_refusal(const WantedVersion& wanted, Published published) {
    const std::set<model::SchemaVer> distinct(wanted.supersedes.begin(), wanted.supersedes.end());
    const bool all_exist =
        std::all_of(distinct.begin(), distinct.end(), [&](const model::SchemaVer& old) {
            return any(published, [&](const model::SchemaVer& other) { return other == old; });
        });
    if (!all_exist || distinct.size() != wanted.supersedes.size())
        return "Superseded schema version(s) do not exist";
    if (!distinct.empty() && *distinct.rbegin() > wanted.version)
        return "Superseded schema version(s) must be below the superseding version";
    return std::nullopt;
}

}  // namespace

std::optional<std::string> publication_refusal(const WantedVersion& wanted, Published published,
                                               Patches patches) {
    if (auto refusal = access_refusal(wanted.access, published)) return refusal;
    const bool exists =
        any(published, [&](const model::SchemaVer& other) { return other == wanted.version; });
    if (exists && patches == Patches::kRefused) return "Schema already exists";
    if (auto refusal = sequence_refusal(wanted.version, published)) return refusal;
    return superseding_refusal(wanted, published);
}

}  // namespace snowline::iglu::server
