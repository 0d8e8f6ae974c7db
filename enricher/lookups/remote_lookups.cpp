#include "enricher/lookups/remote_lookups.h"

#include "enricher/lookups/remote_adapter_client.h"

namespace snowline::enricher {

const RemoteAdapter* RemoteAnswers::find(std::string_view vendor, std::string_view version) const {
    for (const RemoteAdapter& adapter : adapters_) {
        if (adapter.vendor == vendor && adapter.version == version) return &adapter;
    }
    return nullptr;
}

const RemoteAnswer* RemoteAnswers::answer(RemoteQuestion question) {
    if (question_ != question) {
        question_ = std::move(question);
        answer_.reset();
    }
    return answer_ ? &*answer_ : nullptr;
}

const RemoteQuestion* RemoteAnswers::missing() const {
    return question_ && !answer_ ? &*question_ : nullptr;
}

void RemoteAnswers::forget() {
    question_.reset();
    answer_.reset();
}

RemoteLookups::RemoteLookups(RemoteAdapterClient* client)
    : client_(client),
      answers_(client != nullptr ? client->adapters() : std::vector<RemoteAdapter>{}) {}

bool RemoteLookups::resolve() {
    if (const RemoteQuestion* question = answers_.missing()) answers_.put(client_->ask(*question));
    return true;
}

}  // namespace snowline::enricher
