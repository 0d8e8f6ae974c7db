#include "enricher/lookups/lookups.h"

#include <algorithm>

namespace snowline::enricher {

bool Lookups::has_questions() const {
    return std::any_of(providers_.begin(), providers_.end(),
                       [](const Provider* provider) { return provider->has_questions(); });
}

// What one of them cannot have now does not keep the others from asking.
bool Lookups::resolve() {
    bool all = true;
    for (Provider* provider : providers_) all = provider->resolve() && all;
    return all;
}

void Lookups::end_record() {
    for (Provider* provider : providers_) provider->end_record();
}

}  // namespace snowline::enricher
