#include "iglu/server/webhooks.h"

#include "common/ops/logging.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace snowline::iglu::server {
namespace {

constexpr std::size_t kWaitingMax = 1000;
constexpr auto kFinishWithin = std::chrono::seconds(4);

bool is_asked(const Webhook& hook, const model::SchemaKey& key) {
    return hook.vendor_prefixes.empty() ||
           std::any_of(hook.vendor_prefixes.begin(), hook.vendor_prefixes.end(),
                       [&](const std::string& prefix) { return key.vendor.starts_with(prefix); });
}

}  // namespace

Webhooks::Webhooks(std::vector<Webhook> hooks)
    : hooks_(std::move(hooks)),
      client_({.body_bytes_max = 64 * 1024}),
      thread_([this](const std::stop_token& stop) noexcept { run(stop); }) {}

Webhooks::~Webhooks() {
    {
        std::unique_lock lock(mutex_);
        told_.wait_for(lock, kFinishWithin, [&] { return waiting_.empty(); });
    }
    thread_ = {};  // stopped and joined
    if (waiting_.empty()) return;
    ops::log(ops::Level::kWarn, "the registry ends, and webhooks were not told of all publications",
             {{"publications", std::to_string(waiting_.size())}});
}

void Webhooks::published(const model::SchemaKey& key, PublicationOutcome outcome) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() < kWaitingMax) {
            waiting_.push_back({key, outcome});
            arrived_.notify_one();
            return;
        }
    }
    ops::log(ops::Level::kWarn, "webhooks are behind, and are not told of a publication",
             {{"schema", key.to_uri()}});
}

void Webhooks::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (arrived_.wait(lock, stop, [&] { return !waiting_.empty(); })) {
        if (stop.stop_requested()) return;
        const Publication next = waiting_.front();
        lock.unlock();
        const bool is_told = tell(next, stop);
        lock.lock();
        if (!is_told) return;
        waiting_.pop_front();
        told_.notify_one();
    }
}

bool Webhooks::tell(const Publication& publication, const std::stop_token& stop) {
    const model::SchemaKey& key = publication.key;
    // The characters of an Iglu URI need no escape in JSON.
    const std::string body = fmt::format(R"({{"schemaKey":"{}","updated":{}}})", key.to_uri(),
                                         publication.outcome == PublicationOutcome::kUpdated);
    for (std::size_t i = 0; i < hooks_.size(); ++i) {
        const Webhook& hook = hooks_[i];
        if (!is_asked(hook, key)) continue;
        if (stop.stop_requested()) return false;
        const http::Request request{
            .method = hook.method == Webhook::Method::kPost ? "POST" : "GET",
            .url = hook.uri,
            .headers = {{"content-type", "application/json"}},
            .body = body};
        const auto answer = client_.send(request);
        if (answer && answer->status < 400) continue;
        // Logs the hook's index, as its address may hold a secret.
        ops::log(
            ops::Level::kWarn, "a webhook was not told of a publication",
            {{"webhook", fmt::format("{} of {}", i + 1, hooks_.size())},
             {"schema", key.to_uri()},
             {"why", answer ? fmt::format("HTTP {}", answer->status) : answer.error().message}});
    }
    return true;
}

}  // namespace snowline::iglu::server
