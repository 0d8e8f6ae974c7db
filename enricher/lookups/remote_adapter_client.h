#pragma once

#include "common/http/client.h"
#include "enricher/lookups/remote_lookups.h"
#include "enricher/lookups/settings.h"

namespace snowline::enricher {

/// Asks remote adapters. Any thread; as many workers as there are may ask at the same time.
class RemoteAdapterClient {
public:
    explicit RemoteAdapterClient(const RemoteAdaptersSettings& settings);

    const std::vector<RemoteAdapter>& adapters() const { return adapters_; }

    /// Waits for the answer, no longer than the settings allow. Only a response of 2xx is one.
    RemoteAnswer ask(const RemoteQuestion& question);

private:
    std::vector<RemoteAdapter> adapters_;
    http::Client client_;
};

}  // namespace snowline::enricher
