#include "enricher/lookups/lookups.h"

#include <algorithm>
#include <cstddef>

namespace snowline::enricher {

bool AllQuestions::have_landed() const {
    bool was_asked = false;
    for (const auto& questions : of_providers_) {
        const auto landed = questions->landed();
        if (landed == Questions::Landed::kNotYet) return false;
        was_asked = was_asked || landed == Questions::Landed::kYes;
    }
    return was_asked;
}

bool Lookups::has_questions() const {
    return std::any_of(providers_.begin(), providers_.end(),
                       [](const Provider* provider) { return provider->has_questions(); });
}

// What one of them cannot have now does not keep the others from asking.
Answers Lookups::ask() {
    Answers all = Answers::kAll;
    for (Provider* provider : providers_) {
        if (!provider->has_questions()) continue;
        const Answers answers = provider->ask();
        if (answers == Answers::kUnderWay || all == Answers::kAll) all = answers;
    }
    return all;
}

AllQuestions Lookups::put_aside() {
    std::vector<std::unique_ptr<Questions>> of_providers;
    for (Provider* provider : providers_) of_providers.push_back(provider->put_aside());
    return AllQuestions(std::move(of_providers));
}

void Lookups::take_up(AllQuestions questions) {
    auto of_providers = questions.take();
    for (std::size_t i = 0; i < of_providers.size(); ++i) {
        providers_[i]->take_up(std::move(of_providers[i]));
    }
}

void Lookups::end_record() {
    for (Provider* provider : providers_) provider->end_record();
}

}  // namespace snowline::enricher
