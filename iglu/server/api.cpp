#include "iglu/server/api.h"

#include "common/text/ascii.h"
#include "common/text/base64.h"
#include "common/text/sha256.h"
#include "common/text/uuid.h"
#include "iglu/server/answers.h"
#include "iglu/server/catalogue_page.h"
#include "iglu/server/drafts_route.h"
#include "iglu/server/request_body.h"
#include "iglu/server/schemas_route.h"

#include <algorithm>
#include <array>
#include <random>

#include <fmt/format.h>

namespace snowline::iglu::server {
namespace {

constexpr std::size_t kPrefixBytesMax = 128;

bool is_method(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), text::is_upper);
}

bool has_header(const http::Request& request, std::string_view name) {
    return std::any_of(request.headers.begin(), request.headers.end(),
                       [&](const auto& header) { return header.first == name; });
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), text) != names.end();
}

bool is_debug(const Target& target) {
    return target.is_below_api && target.segments.size() >= 2 && target.segments[1] == "debug";
}

bool is_service(const Target& target) {
    const auto& segments = target.segments;
    return target.is_below_api && segments.size() >= 2 &&
           is_one_of(segments[1], {"schemas", "drafts", "validation", "auth", "meta"});
}

std::string_view origin_of(const http::Request& request) {
    const std::string_view origin = http::find_header(request.headers, "origin");
    return origin == "null" ? std::string_view() : origin;
}

bool are_known_headers(std::string_view names) {
    while (!names.empty()) {
        const auto end = std::min(names.find(','), names.size());
        const std::string name = text::to_lower(text::trim(names.substr(0, end)));
        if (!name.empty() && name != "content-type" && name != "apikey") return false;
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return true;
}

bool is_preflight(const http::Request& request) {
    return request.method == "OPTIONS" && has_header(request, "origin") &&
           has_header(request, "access-control-request-method");
}

http::Response preflight(const http::Request& request) {
    const auto method = http::find_header(request.headers, "access-control-request-method");
    const auto headers = http::find_header(request.headers, "access-control-request-headers");
    const std::string_view origin = origin_of(request);
    http::Response response{.status = 200, .body = {}, .headers = {}};
    response.headers.emplace_back(
        "vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
    if (origin.empty() || !is_one_of(method, {"OPTIONS", "PUT", "GET", "POST", "DELETE"}) ||
        !are_known_headers(headers)) {
        return response;
    }
    response.headers.emplace_back("access-control-allow-origin", std::string(origin));
    response.headers.emplace_back("access-control-allow-methods",
                                  "OPTIONS, PUT, GET, POST, DELETE");
    response.headers.emplace_back("access-control-allow-headers", "content-type, apikey");
    response.headers.emplace_back("access-control-max-age", "86400");
    return response;
}

http::Response with_cors(http::Response response, const http::Request& request) {
    if (response.status >= 300 && response.status != 501) return response;
    const std::string_view origin = origin_of(request);
    if (!origin.empty())
        response.headers.emplace_back("access-control-allow-origin", std::string(origin));
    response.headers.emplace_back("vary", "Origin");
    return response;
}

}  // namespace

std::string hash_of_key(std::string_view canonical_uuid) {
    return text::sha256_hex(canonical_uuid);
}

std::string new_key() {
    std::random_device device;  // the system's own generator
    std::array<std::uint64_t, 2> bits{};
    for (auto& word : bits) word = static_cast<std::uint64_t>(device()) << 32 | device();
    return text::format_uuid_v4(bits);
}

http::Response Api::answer(const http::Request& request) const {
    const auto target = Target::parse(request.url);
    if (!target || !is_method(request.method)) return {.status = 400, .body = {}, .headers = {}};
    const bool is_for_debugging = settings_.debug && is_debug(*target);
    if (!is_for_debugging && !is_service(*target)) return page(request, *target);
    if (is_preflight(request)) return preflight(request);
    if (is_for_debugging) return with_cors(debug(request, *target), request);
    return with_cors(route(request, *target), request);
}

http::Response Api::route(const http::Request& request, const Target& target) const {
    const auto who = permission_of(request);
    if (!who) return who.error();
    const std::string& service = target.segments[1];
    if (service == "schemas")
        return answer_schemas(store_, settings_.publishing, request, target, *who);
    if (service == "drafts") return answer_drafts(store_, request, target, *who);
    if (service == "validation") return answer_validation(store_, request, target, *who);
    if (service == "auth") return auth(request, target, *who);
    return meta(request, target, *who);
}

// The catalogue, for browsers, which send a key as the password of HTTP Basic authentication.
http::Response Api::page(const http::Request& request, const Target& target) const {
    if (!is_catalogue(request, target)) return message_answer(404, "The endpoint does not exist");
    if (request.method != "GET") return not_allowed(request.method, "GET", "GET");
    Permission who;
    const std::string_view given = http::find_header(request.headers, "authorization");
    if (given.starts_with("Basic ")) {
        const std::string login = text::decode_base64(given.substr(6)).value_or("");
        const auto known = permission_of_key(std::string_view(login).substr(login.find(':') + 1));
        if (known) who = *known;
    }
    return catalogue_page(store_, target, who);
}

Result<Permission, http::Response> Api::permission_of(const http::Request& request) const {
    if (!has_header(request, "apikey")) return Permission{};
    return permission_of_key(http::find_header(request.headers, "apikey"));
}

Result<Permission, http::Response> Api::permission_of_key(std::string_view given) const {
    const auto key = text::parse_uuid_lenient(text::trim(given));
    if (!key) return unexpected(message_answer(400, "Invalid UUID for ApiKey"));
    const std::string hash = hash_of_key(*key);
    if (hash == settings_.super_key_hash) return super_permission();
    auto found = store_.find_key(hash);
    if (!found) return unexpected(message_answer(500, found.error()));
    return found->value_or(Permission{});
}

// The reference shows the content of its in-memory store without authentication, private schemas
// and keys included; for a database store it refuses. This answers like a database store.
http::Response Api::debug(const http::Request& request, const Target& target) const {
    const bool is_root = std::all_of(target.segments.begin() + 2, target.segments.end(),
                                     [](const std::string& segment) { return segment.empty(); });
    if (!is_root || request.method == "OPTIONS") return message_answer(404, "");
    if (request.method != "GET") return not_allowed(request.method, "GET", "GET");
    return text_answer(501, fmt::format("Cannot show {}", store_.name()));
}

http::Response Api::meta(const http::Request& request, const Target& target,
                         const Permission& who) const {
    const auto& segments = target.segments;
    const bool is_health = segments.size() == 3 && segments[2] == "health";
    const bool is_store_health =
        segments.size() == 4 && segments[2] == "health" && segments[3] == "db";
    const bool is_server = segments.size() == 3 && segments[2] == "server";
    if (!is_health && !is_store_health && !is_server) return message_answer(404, "");
    if (request.method != "GET") return not_allowed(request.method, "GET", "GET");
    if (is_health) return text_answer(200, "OK");
    if (is_store_health) {
        const auto nothing = store_.schemas({.vendor = ""});
        return nothing ? text_answer(200, "OK") : message_answer(500, nothing.error());
    }
    const auto schemas = store_.schemas({});
    if (!schemas) return message_answer(500, schemas.error());
    const auto count =
        std::count_if(schemas->begin(), schemas->end(),
                      [&](const StoredSchema& schema) { return who.may_read(schema.key.vendor); });
    return json_answer(
        200, fmt::format(R"({{"version":"{}","authInfo":{},"database":"{}","schemaCount":{},)"
                         R"("debug":{},"patchesAllowed":{}}})",
                         settings_.version, who.to_json(), store_.name(), count, settings_.debug,
                         settings_.publishing.patches == Patches::kAllowed));
}

http::Response Api::auth(const http::Request& request, const Target& target,
                         const Permission& who) const {
    if (target.segments.size() != 3 || target.segments[2] != "keygen")
        return message_answer(404, "");
    if (request.method == "POST") return make_keys(request, who);
    if (request.method != "DELETE")
        return not_allowed(request.method, "DELETE, POST", "DELETE, POST");
    const auto given = target.parameter("key");
    if (!given) return message_answer(400, "Missing query param: key");
    const auto key = text::parse_uuid_lenient(*given);
    if (!key) return message_answer(400, fmt::format("Invalid uuid format: {}", *given));
    if (!who.manages_keys) return message_answer(403, "Not sufficient privileges to delete key");
    if (const auto removed = store_.remove_key(hash_of_key(*key)); !removed)
        return message_answer(500, removed.error());
    return message_answer(200, "Keys have been deleted");
}

http::Response Api::make_keys(const http::Request& request, const Permission& who) const {
    json::Arena arena;
    const auto parsed = read_json(request, arena);
    if (!parsed) return parsed.error();
    const json::Value* prefix = parsed->find("vendorPrefix");
    if (prefix == nullptr || !prefix->is_string()) return message_answer(422, kInvalid);
    if (!who.manages_keys) return message_answer(403, "Not sufficient privileges to create keys");
    if (prefix->text().size() > kPrefixBytesMax) {
        return message_answer(400,
                              fmt::format("A vendor prefix has at most {} bytes", kPrefixBytesMax));
    }
    const std::string read = new_key();
    const std::string write = new_key();
    for (const auto& [key, right] :
         {std::pair(read, Right::kRead), std::pair(write, Right::kWrite)}) {
        const auto added = store_.add_key(hash_of_key(key), permission_for(prefix->text(), right));
        if (!added) return message_answer(500, added.error());
    }
    return json_answer(200, fmt::format(R"({{"read":"{}","write":"{}"}})", read, write));
}

}  // namespace snowline::iglu::server
