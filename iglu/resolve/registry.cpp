#include "iglu/resolve/registry.h"

#include <algorithm>

namespace snowline::iglu {

bool RegistryProfile::matches(std::string_view vendor) const {
    return std::any_of(vendor_prefixes.begin(), vendor_prefixes.end(),
                       [&](const std::string& prefix) { return vendor.starts_with(prefix); });
}

RegistryFailure not_found() {
    return {.kind = RegistryFailure::Kind::kNotFound, .message = {}};
}

RegistryFailure repo_failure(std::string message) {
    return {.kind = RegistryFailure::Kind::kRepoFailure, .message = std::move(message)};
}

RegistryFailure client_failure(std::string message) {
    return {.kind = RegistryFailure::Kind::kClientFailure, .message = std::move(message)};
}

}  // namespace snowline::iglu
