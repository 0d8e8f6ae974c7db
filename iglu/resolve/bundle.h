#pragma once

#include "iglu/resolve/registry.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace snowline::iglu {

/// A bundle is one file with many schemas and a hash over them, so that production needs no network
/// for its schemas and knows that they are the ones it was tested with. Its lines:
///
///     {"bundle":"snowline-1","schemas":679,"sha256":"…"}      hash of all bytes behind this line
///     {"key":"iglu:com.acme/event/jsonschema/1-0-0","schema":{…}}
///
/// sorted by key, so that the same schemas give the same bytes.
std::string write_bundle(const std::map<model::SchemaKey, std::string>& schemas);

/// Reads a bundle into memory. The error says what is wrong with the file.
Result<std::unique_ptr<Registry>, std::string> bundle_registry(RegistryProfile profile,
                                                               const std::string& file);

/// Whether a file begins as a bundle does.
bool is_bundle(const std::string& file);

}  // namespace snowline::iglu
