#pragma once

#include "common/result.h"

#include <string>

namespace snowline::log::kafka {

/// A setting's value with what Kafka's configuration providers stand for in it, so that secrets
/// need not be in a configuration: `${env:NAME}`, `${directory:/path:file}` (a file's content),
/// `${file:/path:key}` (a value of a properties file). Other texts stay as they are. Errors name
/// what is missing and never a content.
Result<std::string> expand_providers(const std::string& value);

}  // namespace snowline::log::kafka
