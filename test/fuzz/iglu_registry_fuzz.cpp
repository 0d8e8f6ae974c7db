// Bytes → request (method, target, a header a line, an empty line, body) → the registry's answer.
// Checked besides the sanitizers: every JSON answer is JSON, no header breaks a line, and what was
// answered with 201 can be read again under the key that the answer names.
#include "common/check.h"
#include "common/json/parse.h"
#include "common/model/self_describing.h"
#include "iglu/server/api.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace snowline;
using namespace snowline::iglu::server;

namespace {

constexpr std::string_view kKey = "5fb4713d-73ad-4163-93a9-2b82f0177c5b";

class MemoryStore final : public Store {
public:
    Result<std::vector<StoredSchema>> schemas(const Selection& selection) override {
        std::vector<StoredSchema> found;
        for (const StoredSchema& schema : stored_) {
            const bool is_asked = (!selection.vendor || *selection.vendor == schema.key.vendor) &&
                                  (!selection.name || *selection.name == schema.key.name);
            if (is_asked) found.push_back(schema);
        }
        settle(found);
        return found;
    }
    Result<PublicationOutcome, PublicationFailure> publish(const Publication& publication,
                                                           Patches patches) override {
        std::vector<PublishedVersion> published;
        for (const StoredSchema& schema : stored_) {
            if (schema.key.vendor == publication.key.vendor &&
                schema.key.name == publication.key.name) {
                published.push_back({schema.key.version, schema.access});
            }
        }
        if (auto refusal = publication_refusal(
                {publication.key.version, publication.access, publication.supersedes}, published,
                patches)) {
            return unexpected(PublicationFailure{PublicationFailure::Kind::kRefused, *refusal});
        }
        stored_.push_back({.key = publication.key,
                           .access = publication.access,
                           .supersedes = publication.supersedes,
                           .body = publication.body});
        return PublicationOutcome::kCreated;
    }
    Result<void> remove(const model::SchemaKey&) override { return {}; }
    Result<std::vector<StoredDraft>> drafts() override { return drafts_; }
    Result<std::optional<StoredDraft>> find_draft(const DraftKey&) override {
        return drafts_.empty() ? std::optional<StoredDraft>() : drafts_.back();
    }
    Result<void, PublicationFailure> put_draft(const DraftKey& key, Access access,
                                               std::string_view body) override {
        drafts_.push_back({.key = key, .access = access, .body = std::string(body)});
        return {};
    }
    Result<std::optional<Permission>> find_key(std::string_view) override {
        return std::optional<Permission>();
    }
    Result<void> add_key(std::string_view, const Permission&) override { return {}; }
    Result<void> remove_key(std::string_view) override { return {}; }
    std::string_view name() const override { return "memory"; }

private:
    std::vector<StoredSchema> stored_;
    std::vector<StoredDraft> drafts_;
};

std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

void check_answer(const http::Response& answer) {
    for (const auto& [name, value] : answer.headers)
        SNOWLINE_CHECK(value.find_first_of("\r\n") == std::string::npos);
    if (answer.header("content-type") != "application/json" || answer.body.empty()) return;
    json::Arena arena;
    SNOWLINE_CHECK(json::parse(answer.body, arena).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    http::Request request;
    request.method = std::string(take_line(text));
    request.url = std::string(take_line(text));
    for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
        const auto colon = std::min(line.find(':'), line.size());
        std::string value(line.substr(std::min(colon + 1, line.size())));
        std::erase(value, '\r');  // no server lets it through
        request.headers.emplace_back(std::string(line.substr(0, colon)), std::move(value));
    }
    request.body = std::string(text);
    MemoryStore store;
    const Api api(store, {.super_key_hash = hash_of_key(kKey), .version = "fuzz"});
    const http::Response answer = api.answer(request);
    check_answer(answer);
    if (answer.status == 501) {  // a draft is there now, or the store was asked for itself
        check_answer(api.answer({.method = "GET",
                                 .url = "/api/drafts",
                                 .headers = {{"apikey", std::string(kKey)}},
                                 .body = {}}));
    }
    if (answer.status != 201) return 0;
    json::Arena arena;
    const json::Value* location = json::parse(answer.body, arena)->find("location");
    SNOWLINE_CHECK(location != nullptr);
    const auto key = model::SchemaKey::parse(location->text());
    SNOWLINE_CHECK(key.has_value());
    const http::Response read = api.answer({.method = "GET",
                                            .url = "/api/schemas/" + key->to_path(),
                                            .headers = {{"apikey", std::string(kKey)}},
                                            .body = {}});
    SNOWLINE_CHECK(read.status == 200);
    const auto schema = model::SelfDescribingSchema::parse(*json::parse(read.body, arena));
    SNOWLINE_CHECK(schema && schema->self == *key);
    for (const char* page : {"/catalogue", "/api/schemas?repr=meta"})
        check_answer(api.answer({.method = "GET", .url = page, .headers = {}, .body = {}}));
    return 0;
}
