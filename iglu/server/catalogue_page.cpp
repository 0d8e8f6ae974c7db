#include "iglu/server/catalogue_page.h"

#include "common/clock.h"
#include "common/text/time.h"
#include "iglu/catalogue/page.h"
#include "iglu/resolve/resolver.h"
#include "iglu/server/answers.h"
#include "iglu/server/schema_body.h"
#include "iglu/server/schemas_route.h"

#include <map>
#include <tuple>

#include <fmt/format.h>

namespace snowline::iglu::server {
namespace {

std::string day_of(std::int64_t milliseconds) {
    return text::format_instant(milliseconds).substr(0, 10);
}

http::Response html(std::string body) {
    return {.status = 200,
            .body = std::move(body),
            .headers = {{"content-type", "text/html; charset=utf-8"},
                        {"cache-control", "no-store"},
                        {"vary", "Authorization"},
                        {"content-security-policy",
                         "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"}}};
}

std::vector<catalogue::Entry> entries_of(const std::vector<StoredSchema>& schemas,
                                         const Permission& who) {
    std::map<std::tuple<std::string, std::string, std::string>, catalogue::Entry> entries;
    for (const StoredSchema& schema : schemas) {
        if (!is_readable(schema, who)) continue;
        const model::SchemaKey& key = schema.key;
        catalogue::Entry& entry = entries[{key.vendor, key.name, key.format}];
        entry.vendor = key.vendor;
        entry.name = key.name;
        entry.format = key.format;
        entry.versions.push_back({.version = key.version,
                                  .text = represent(schema, Representation::kCanonical),
                                  .superseded_by = schema.superseded_by,
                                  .published = day_of(schema.created_ms)});
    }
    std::vector<catalogue::Entry> out;
    for (auto& [name, entry] : entries) out.push_back(std::move(entry));
    return out;
}

catalogue::PageOptions options_for(const Store& store, const Permission& who) {
    catalogue::PageOptions options{.title = "Schema catalogue",
                                   .today = day_of(now_ms()),
                                   .note = {},
                                   .index = "/catalogue",
                                   .link = {}};
    if (who.right == Right::kNone && store.name() != "folder") {
        options.note =
            "<p>You see public schemas. <a href=\"/catalogue/login\">Give an API key</a> as the "
            "password to see your own; the user name does not matter.</p>\n";
    }
    options.link = [](const catalogue::Entry& entry) {
        return fmt::format("/catalogue/{}/{}/{}", entry.vendor, entry.name, entry.format);
    };
    return options;
}

http::Response login(const Permission& who) {
    if (who.right != Right::kNone) {
        return {.status = 303, .body = {}, .headers = {{"location", "/catalogue"}}};
    }
    http::Response response = text_answer(401, "An API key is the password.\n");
    response.headers.emplace_back("www-authenticate", R"(Basic realm="Schema registry")");
    return response;
}

}  // namespace

bool is_catalogue(const http::Request& request, const Target& target) {
    if (target.segments[0] == "catalogue") return true;
    const bool is_root = target.segments.size() == 1 && target.segments[0].empty();
    return is_root && request.method == "GET" &&
           http::find_header(request.headers, "accept").find("text/html") != std::string_view::npos;
}

http::Response catalogue_page(Store& store, const Target& target, const Permission& who) {
    const auto& segments = target.segments;
    if (segments.size() == 2 && segments[1] == "login") return login(who);
    const catalogue::PageOptions options = options_for(store, who);
    if (segments.size() == 1) {
        const auto schemas = store.schemas({});
        if (!schemas) return message_answer(500, schemas.error());
        return html(index_page(entries_of(*schemas, who), options));
    }
    if (segments.size() == 4) {
        const auto series = store.schemas({.vendor = segments[1], .name = segments[2]});
        if (!series) return message_answer(500, series.error());
        for (const catalogue::Entry& entry : entries_of(*series, who)) {
            if (entry.format == segments[3]) return html(entry_page(entry, options));
        }
    }
    return text_answer(404, "No such page\n");
}

}  // namespace snowline::iglu::server
