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

/// An HTTP endpoint that is notified of publications.
struct Webhook {
    enum class Method { kGet, kPost };
    std::string uri;
    std::vector<std::string> vendor_prefixes{};  // `com.acme` covers com.acmecorp; none: all
    Method method = Method::kGet;
};

/// Sends notifications as the reference does: `{"schemaKey":"iglu:…","updated":false}`. One thread
/// sends them, so that requests to the registry never wait for a hook. Failures are logged and not
/// retried. Thread-safe.
class Webhooks {
public:
    explicit Webhooks(std::vector<Webhook> hooks);
    /// Sends queued notifications for up to four seconds and finishes the current hook; drops and
    /// logs the rest.
    ~Webhooks();
    Webhooks(const Webhooks&) = delete;
    Webhooks& operator=(const Webhooks&) = delete;

    /// Does not block. Notifications are sent in order, with a timeout of five seconds for each
    /// hook; dropped where 1,000 are queued.
    void published(const model::SchemaKey& key, PublicationOutcome outcome);

private:
    struct Publication {
        model::SchemaKey key;
        PublicationOutcome outcome;
    };

    void run(const std::stop_token& stop);
    /// False: stopped before all hooks were notified.
    bool tell(const Publication& publication, const std::stop_token& stop);

    std::vector<Webhook> hooks_;
    http::Client client_;
    std::mutex mutex_;
    std::condition_variable_any arrived_;
    std::condition_variable told_;
    std::deque<Publication> waiting_;  // the first stays until it has been sent
    std::jthread thread_;              // last, so that it is joined first
};

}  // namespace snowline::iglu::server
