#include "iglu/resolve/http_registry.h"

#include "common/json/parse.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <fmt/format.h>

namespace snowline::iglu {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kQuotedBytesMax = 1024;  // of a server's words in a bad row

RegistryFailure outage(RegistryFailure failure) {
    failure.outage = true;
    return failure;
}

Result<std::string, RegistryFailure> judge(Result<http::Response, http::Failure> answer) {
    if (!answer) {
        RegistryFailure failure = repo_failure(answer.error().message);
        using enum http::Failure::Kind;
        switch (answer.error().kind) {
            case kResolve:
            case kConnect:
            case kTls:
            case kTimeout:
            case kBroken:
                return unexpected(outage(std::move(failure)));
            case kInvalidUrl:
            case kTooLarge:
            case kRefused:
                return unexpected(client_failure(std::move(failure.message)));
        }
    }
    const int status = answer->status;
    if (status / 100 == 2) return std::move(answer->body);
    if (status == 404) return unexpected(not_found());
    if (status / 100 == 5) {
        return unexpected(outage(repo_failure("Unexpected server response: " +
                                              answer->body.substr(0, kQuotedBytesMax))));
    }
    RegistryFailure failure = client_failure(fmt::format("Unexpected response code: {}", status));
    failure.outage = status == 429;
    return unexpected(std::move(failure));
}

class HttpRegistry final : public Registry {
public:
    HttpRegistry(RegistryProfile profile, HttpRegistryOptions options)
        : Registry(std::move(profile)), options_(std::move(options)), client_(options_.limits) {
        while (options_.uri.ends_with('/')) options_.uri.pop_back();
    }

    Result<std::string, RegistryFailure> fetch(const model::SchemaKey& key) override {
        // A vendor of dots would lead out of `schemas/`.
        if (key.vendor == "." || key.vendor == "..") return unexpected(not_found());
        const auto deadline = Steady::now() + options_.limits.total;
        auto pause = options_.pause;
        for (int attempt = 1;; ++attempt, pause *= 2) {
            auto answer = judge(client_.send(request(location(key)), time_for(attempt, deadline)));
            const bool again = !answer && answer.error().outage && attempt < options_.tries_max;
            if (!again || cancelled_ || Steady::now() + pause >= deadline) return answer;
            std::this_thread::sleep_for(pause);
        }
    }

    void cancel() override {
        cancelled_ = true;
        client_.cancel();
    }

    // An Iglu Server lists what the key may read; a static registry may have the list as a file.
    std::vector<model::SchemaKey> list() override {
        std::vector<model::SchemaKey> keys;
        const auto answer = judge(client_.send(request(options_.uri + "/schemas")));
        if (!answer) return keys;
        json::Arena arena;
        const auto json = json::parse(*answer, arena);
        if (!json || !json->is_array()) return keys;
        for (const json::Value& item : json->items()) {
            auto key = item.is_string() ? model::SchemaKey::parse(item.text())
                                        : unexpected(model::ParseErrorCode::kInvalidIgluUri);
            if (key) keys.push_back(*std::move(key));
        }
        return keys;
    }

    std::string location(const model::SchemaKey& key) const override {
        return fmt::format("{}/schemas/{}", options_.uri, key.to_path());
    }

private:
    // Of one try.
    std::chrono::milliseconds time_for(int attempt, Steady::time_point deadline) const {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now());
        return attempt < options_.tries_max ? std::min(options_.try_at_most, left) : left;
    }

    http::Request request(std::string url) const {
        http::Request made{.url = std::move(url), .headers = {}, .body = {}};
        if (options_.apikey) made.headers.emplace_back("apikey", *options_.apikey);
        return made;
    }

    HttpRegistryOptions options_;
    http::Client client_;
    std::atomic<bool> cancelled_ = false;
};

}  // namespace

std::unique_ptr<Registry> http_registry(RegistryProfile profile, HttpRegistryOptions options) {
    return std::make_unique<HttpRegistry>(std::move(profile), std::move(options));
}

}  // namespace snowline::iglu
