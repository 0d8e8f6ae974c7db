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

/// What a registry does about publications.
struct Publishing {
    Patches patches = Patches::kRefused;
    /// Called after each, before it is answered, by any thread; none: nobody wants to know.
    std::function<void(const model::SchemaKey&, PublicationOutcome)> published{};
};

/// Everything below `/api/schemas`: lists, one schema, publication, deletion. `who` is the asker.
http::Response answer_schemas(Store& store, const Publishing& publishing,
                              const http::Request& request, const Target& target,
                              const Permission& who);

/// Everything below `/api/validation`: is a schema fit to be published, does an instance satisfy
/// the schema that it names.
http::Response answer_validation(Store& store, const http::Request& request, const Target& target,
                                 const Permission& who);

/// Is a schema fit to be published; the same text under two paths.
http::Response validate_schema(const http::Request& request);

/// `?isPublic=`: false where it is not there, 400 where it is no boolean.
Result<Access, http::Response> access_of(const Target& target);

/// 400 where one of a vendor, a name and a format is longer than the registry takes.
std::optional<http::Response> long_names_refusal(std::initializer_list<std::string_view> names);

/// A schema that `who` may see.
Result<std::optional<StoredSchema>> find_readable(Store& store, const model::SchemaKey& key,
                                                  const Permission& who);

/// Whether `who` may see it.
bool is_readable(const StoredSchema& schema, const Permission& who);

}  // namespace snowline::iglu::server
