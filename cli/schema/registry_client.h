#pragma once

#include "common/http/client.h"
#include "common/json/value.h"
#include "common/model/schema_key.h"

#include <optional>
#include <string>
#include <string_view>

namespace snowline::cli {

/// A registry with Iglu Server's API, as `push` and `pull` talk to it.
class RegistryClient {
public:
    /// `url` as people write it: without a scheme it is http, and `/api` at its end may be there.
    RegistryClient(std::string_view url, std::optional<std::string> apikey);

    enum class Access { kPublic, kPrivate };
    Result<http::Response, http::Failure> publish(const model::SchemaKey& key,
                                                  const std::string& schema, Access access);
    Result<http::Response, http::Failure> read(const model::SchemaKey& key);
    /// Everything that the key may see, as an array of schemas.
    Result<http::Response, http::Failure> read_all();

    const std::string& root() const { return root_; }

private:
    Result<http::Response, http::Failure> send(std::string method, std::string path,
                                               std::string body = {});

    std::string root_;
    std::optional<std::string> apikey_;
    http::Client client_;
};

/// `message` of an answer, or what there is instead.
std::string message_of(const http::Response& response);

/// Whether two JSON values are the same to a schema's readers: the order of members does not count,
/// nor do the members of the root that a registry writes itself.
bool is_same_schema(json::Value a, json::Value b);

}  // namespace snowline::cli
