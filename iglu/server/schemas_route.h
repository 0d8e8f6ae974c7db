#pragma once

#include "common/http/message.h"
#include "iglu/server/permission.h"
#include "iglu/server/store.h"
#include "iglu/server/target.h"

#include <functional>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace snowline::iglu::server {

/// How a registry handles publications.
struct Publishing {
    Patches patches = Patches::kRefused;
    /// Called after each publication, before it is answered, on any thread; may be empty.
    std::function<void(const model::SchemaKey&, PublicationOutcome)> published{};
};

/// Answers requests below `/api/schemas`: lists, one schema, publication, deletion. `who` is the
/// sender.
http::Response answer_schemas(Store& store, const Publishing& publishing,
                              const http::Request& request, const Target& target,
                              const Permission& who);

/// Answers requests below `/api/validation`: whether a schema can be published, and whether an
/// instance is valid for the schema that it names.
http::Response answer_validation(Store& store, const http::Request& request, const Target& target,
                                 const Permission& who);

/// Whether a schema can be published; used under two paths.
http::Response validate_schema(const http::Request& request);

/// The value of `?isPublic=`: private without it, 400 where it is no boolean.
Result<Access, http::Response> access_of(const Target& target);

/// 400 where a vendor, name or format is longer than the registry allows.
std::optional<http::Response> long_names_refusal(std::initializer_list<std::string_view> names);

/// The schema of this key, if `who` may read it.
Result<std::optional<StoredSchema>> find_readable(Store& store, const model::SchemaKey& key,
                                                  const Permission& who);

/// Whether `who` may see it.
bool is_readable(const StoredSchema& schema, const Permission& who);

}  // namespace snowline::iglu::server
