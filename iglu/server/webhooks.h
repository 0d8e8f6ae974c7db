#pragma once

#include "common/http/client.h"
#include "iglu/server/store.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace snowline::iglu::server {

/// Somebody who wants to know what is published.
struct Webhook {
    enum class Method { kGet, kPost };
    std::string uri;
    std::vector<std::string> vendor_prefixes{};  // `com.acme` is one of com.acmecorp; none: all
    Method method = Method::kGet;
};

/// Tells them, as the reference does: `{"schemaKey":"iglu:…","updated":false}`. It has a thread for
/// it, so that nobody who asks the registry waits for a hook that hangs. What fails leaves a line
/// in the log, and is not tried again. Any thread.
class Webhooks {
public:
    explicit Webhooks(std::vector<Webhook> hooks);
    /// Tells what waits, for four seconds and the hook that it is at; forgets the rest, and says
    /// so.
    ~Webhooks();
    Webhooks(const Webhooks&) = delete;
    Webhooks& operator=(const Webhooks&) = delete;

    /// Returns at once. Publications are told in their order, each for five seconds at most to each
    /// hook; where 1,000 wait, another one is not told.
    void published(const model::SchemaKey& key, PublicationOutcome outcome);

private:
    struct Publication {
        model::SchemaKey key;
        PublicationOutcome outcome;
    };

    void run(const std::stop_token& stop);
    /// False: it was stopped on the way.
    bool tell(const Publication& publication, const std::stop_token& stop);

    std::vector<Webhook> hooks_;
    http::Client client_;
    std::mutex mutex_;
    std::condition_variable_any arrived_;
    std::condition_variable told_;
    std::deque<Publication> waiting_;  // the first of them until it is told
    std::jthread thread_;              // last: it stops first
};

}  // namespace snowline::iglu::server
