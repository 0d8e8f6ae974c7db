#include "iglu/server/drafts_route.h"

#include "common/json/print.h"
#include "common/text/time.h"
#include "iglu/server/answers.h"
#include "iglu/server/request_body.h"
#include "iglu/server/schemas_route.h"

#include <span>

#include <fmt/format.h>

namespace snowline::iglu::server {
namespace {

std::string represent(const StoredDraft& draft) {
    return fmt::format(
        R"({{"schemaMap":{{"vendor":{},"name":{},"format":{},"version":{}}},)"
        R"("metadata":{{"createdAt":"{}","updatedAt":"{}","isPublic":{}}},"body":{}}})",
        json::quoted(draft.key.vendor), json::quoted(draft.key.name),
        json::quoted(draft.key.format), draft.key.number, text::format_instant(draft.created_ms),
        text::format_instant(draft.updated_ms), draft.access == Access::kPublic, draft.body);
}

// JSON texts one after the other without separators, as the reference streams them.
http::Response list(Store& store, const Permission& who) {
    const auto drafts = store.drafts();
    if (!drafts) return message_answer(500, drafts.error());
    std::string body;
    for (const StoredDraft& draft : *drafts) {
        if (draft.access == Access::kPublic || who.may_read(draft.key.vendor))
            body += represent(draft);
    }
    return json_answer(200, std::move(body));
}

// Public drafts are in every list, but a single draft is returned only to keys that may read its
// vendor.
http::Response get(Store& store, const DraftKey& key, const Permission& who) {
    if (!who.may_read(key.vendor)) return message_answer(404, kNotFound);
    const auto found = store.find_draft(key);
    if (!found) return message_answer(500, found.error());
    if (!*found) return message_answer(404, kNotFound);
    return json_answer(200, represent(**found));
}

http::Response put(Store& store, const DraftKey& key, const http::Request& request,
                   const Target& target, const Permission& who) {
    const auto access = access_of(target);
    if (!access) return access.error();
    json::Arena arena;
    const auto body = read_json(request, arena);
    if (!body) return body.error();
    if (!who.may_publish(key.vendor)) return message_answer(403, kNotAuthorized);
    if (auto refusal = long_names_refusal({key.vendor, key.name, key.format})) return *refusal;
    const auto stored = store.put_draft(key, *access, json::print(*body));
    if (!stored) return failure_answer(stored.error());
    // The draft is stored on disk. The reference never implemented this answer, and its clients
    // take it as success.
    return text_answer(501, "TODO");
}

}  // namespace

http::Response answer_drafts(Store& store, const http::Request& request, const Target& target,
                             const Permission& who) {
    std::span<const std::string> parts = target.segments;
    parts = parts.subspan(2);
    while (!parts.empty() && parts.front().empty()) parts = parts.subspan(1);
    const bool is_options = request.method == "OPTIONS";
    if (parts.empty() && !is_options) {
        if (request.method == "GET") return list(store, who);
        return not_allowed(request.method, "GET", "GET");
    }
    if (parts.size() != 4) return message_answer(404, "");
    const auto number = integer_part(parts[3]);
    if (!number) return message_answer(400, fmt::format("{} is not an integer", parts[3]));
    if (*number < 0)
        return message_answer(400, fmt::format("Predicate ({} < 0) did not fail.", *number));
    const DraftKey key{parts[0], parts[1], parts[2], *number};
    if (request.method == "GET") return get(store, key, who);
    if (request.method == "PUT") return put(store, key, request, target, who);
    if (is_options) return message_answer(404, "");
    return not_allowed(request.method, "PUT", "GET, PUT");
}

}  // namespace snowline::iglu::server
