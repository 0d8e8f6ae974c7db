#pragma once

#include "iglu/server/webhooks.h"

#include <string>
#include <vector>

namespace snowline::cli {

/// The webhooks of a HOCON file, in which they stand as in the reference's configuration, which
/// may be the file:
///
///     webhooks.schemaPublished = [
///       { uri = "https://hooks.acme.com/schemas", vendorPrefixes = ["com.acme"], usePost = true }
///     ]
///
/// Throws an Error that names what is wrong, and std::runtime_error where there are none.
std::vector<iglu::server::Webhook> read_webhooks(const std::string& file);

}  // namespace snowline::cli
