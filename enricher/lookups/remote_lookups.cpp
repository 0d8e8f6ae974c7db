#include "enricher/lookups/remote_lookups.h"

#include "enricher/lookups/remote_adapter_client.h"

#include <utility>

namespace snowline::enricher {
namespace {

struct PutAside final : Questions {
    Landed landed() const override {
        if (asking == nullptr) return Landed::kNothingAsked;
        return asking->has_landed() ? Landed::kYes : Landed::kNotYet;
    }

    RemoteAnswers::OfRecord of_record;
    std::shared_ptr<const RemoteAsking> asking;
};

}  // namespace

const RemoteAdapter* RemoteAnswers::find(std::string_view vendor, std::string_view version) const {
    for (const RemoteAdapter& adapter : adapters_) {
        if (adapter.vendor == vendor && adapter.version == version) return &adapter;
    }
    return nullptr;
}

const RemoteAnswer* RemoteAnswers::answer(RemoteQuestion question) {
    auto& [asked, answer] = of_record_;
    if (asked != question) {
        asked = std::move(question);
        answer.reset();
    }
    return answer ? &*answer : nullptr;
}

const RemoteQuestion* RemoteAnswers::missing() const {
    return of_record_.question && !of_record_.answer ? &*of_record_.question : nullptr;
}

RemoteLookups::RemoteLookups(RemoteAdapterClient* client)
    : client_(client),
      answers_(client != nullptr ? client->adapters() : std::vector<RemoteAdapter>{}) {}

Answers RemoteLookups::ask() {
    if (asking_ == nullptr) asking_ = client_->ask(*answers_.missing());
    if (!asking_->has_landed()) return Answers::kUnderWay;
    answers_.put(std::exchange(asking_, nullptr)->answer());
    return Answers::kAll;
}

std::unique_ptr<Questions> RemoteLookups::put_aside() {
    auto questions = std::make_unique<PutAside>();
    questions->of_record = answers_.put_aside();
    questions->asking = std::exchange(asking_, nullptr);
    return questions;
}

void RemoteLookups::take_up(std::unique_ptr<Questions> questions) {
    auto& aside = static_cast<PutAside&>(*questions);
    answers_.take_up(std::move(aside.of_record));
    asking_ = std::move(aside.asking);
}

void RemoteLookups::end_record() {
    answers_.forget();
    asking_ = nullptr;
}

}  // namespace snowline::enricher
