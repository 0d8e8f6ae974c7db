#pragma once

#include "common/background_pool.h"
#include "common/http/client.h"
#include "enricher/lookups/remote_lookups.h"
#include "enricher/lookups/settings.h"

#include <atomic>
#include <memory>
#include <vector>

namespace snowline::enricher {

/// A question on its way to its answer. Any thread.
class RemoteAsking {
public:
    bool has_landed() const { return landed_; }
    /// Once it has landed.
    const RemoteAnswer& answer() const { return answer_; }

private:
    friend class RemoteAdapterClient;
    RemoteAnswer answer_;  // written before it lands
    std::atomic<bool> landed_ = false;
};

/// Asks remote adapters, several at a time. Any thread.
class RemoteAdapterClient {
public:
    explicit RemoteAdapterClient(const RemoteAdaptersSettings& settings);
    /// Returns within about a second, whatever the adapters do.
    ~RemoteAdapterClient();
    RemoteAdapterClient(const RemoteAdapterClient&) = delete;
    RemoteAdapterClient& operator=(const RemoteAdapterClient&) = delete;

    const std::vector<RemoteAdapter>& adapters() const { return adapters_; }

    /// Asks in the background; never waits. An exchange takes no longer than the settings
    /// allow; before it, the question may wait for those that are before it. Only a response of 2xx
    /// is an answer.
    std::shared_ptr<const RemoteAsking> ask(RemoteQuestion question);

private:
    RemoteAnswer exchange(RemoteQuestion question);

    std::vector<RemoteAdapter> adapters_;
    http::Client client_;
    BackgroundPool pool_;  // last: it ends first
};

}  // namespace snowline::enricher
