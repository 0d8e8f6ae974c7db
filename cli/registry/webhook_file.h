#pragma once

#include "iglu/server/webhooks.h"

#include <string>
#include <vector>

namespace snowline::cli {

/// Reads webhooks from a HOCON file with the key of the reference's configuration, so that file can
/// be used:
///
///     webhooks.schemaPublished = [
///       { uri = "https://hooks.acme.com/schemas", vendorPrefixes = ["com.acme"], usePost = true }
///     ]
///
/// Throws an Error that names what is wrong, and std::runtime_error where the file has no webhooks.
std::vector<iglu::server::Webhook> read_webhooks(const std::string& file);

}  // namespace snowline::cli
