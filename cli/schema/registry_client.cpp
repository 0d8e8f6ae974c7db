#include "cli/schema/registry_client.h"

#include "common/json/build.h"
#include "common/json/parse.h"
#include "iglu/validate/equal.h"

#include <vector>

#include <fmt/format.h>

namespace snowline::cli {
namespace {

http::Limits limits() {
    return {.total = std::chrono::seconds(60), .body_bytes_max = std::size_t{256} << 20};
}

std::string root_of(std::string_view url) {
    std::string root(url);
    if (root.find("://") == std::string::npos) root = "http://" + root;
    while (root.ends_with('/')) root.pop_back();
    if (root.ends_with("/api")) root.resize(root.size() - 4);
    return root;
}

}  // namespace

RegistryClient::RegistryClient(std::string_view url, std::optional<std::string> apikey)
    : root_(root_of(url)), apikey_(std::move(apikey)), client_(limits()) {}

Result<http::Response, http::Failure> RegistryClient::publish(const model::SchemaKey& key,
                                                              const std::string& schema,
                                                              Access access) {
    return send(
        "PUT", fmt::format("/api/schemas/{}?isPublic={}", key.to_path(), access == Access::kPublic),
        schema);
}

Result<http::Response, http::Failure> RegistryClient::read(const model::SchemaKey& key) {
    return send("GET", "/api/schemas/" + key.to_path());
}

Result<http::Response, http::Failure> RegistryClient::read_all() {
    return send("GET", "/api/schemas?repr=canonical");
}

Result<http::Response, http::Failure> RegistryClient::send(std::string method, std::string path,
                                                           std::string body) {
    http::Request request{.method = std::move(method),
                          .url = root_ + path,
                          .headers = {{"accept", "application/json"}},
                          .body = std::move(body)};
    if (apikey_) request.headers.emplace_back("apikey", *apikey_);
    if (!request.body.empty()) request.headers.emplace_back("content-type", "application/json");
    return client_.send(request);
}

std::string message_of(const http::Response& response) {
    static constexpr std::size_t kShown = 300;
    json::Arena arena;
    const auto parsed = json::parse(response.body, arena);
    const json::Value* message = parsed ? parsed->find("message") : nullptr;
    if (message == nullptr || !message->is_string())
        return fmt::format("HTTP {} {}", response.status, response.body.substr(0, kShown));
    std::string out(message->text());
    const json::Value* report = parsed->find("report");
    if (report == nullptr || !report->is_array()) return out;
    for (const json::Value& item : report->items()) {
        const json::Value* level = item.find("level");
        const json::Value* text = item.find("message");
        if (level != nullptr && text != nullptr && text->is_string() && level->is_string() &&
            level->text() == "ERROR") {
            out += fmt::format("; {}", text->text());
        }
    }
    return out;
}

bool is_same_schema(json::Value a, json::Value b) {
    json::Arena arena;
    const auto comparable = [&](json::Value schema) {
        std::vector<json::Member> members(schema.members().begin(), schema.members().end());
        std::erase_if(members,
                      [](const json::Member& member) { return member.name == "$supersededBy"; });
        return json::object(arena, members);
    };
    iglu::validate::Budget budget;
    return a.is_object() && b.is_object() &&
           iglu::validate::equal(comparable(a), comparable(b),
                                 iglu::validate::NumberEquality::kMathematical, budget);
}

}  // namespace snowline::cli
