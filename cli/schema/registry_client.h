#pragma once

#include "common/http/client.h"
#include "common/json/value.h"
#include "common/model/schema_key.h"

#include <optional>
#include <string>
#include <string_view>

namespace snowline::cli {

/// A client of Iglu Server's API, for `push` and `pull`.
class RegistryClient {
public:
    /// `url` may lack the scheme (then http) and may end with `/api`.
    RegistryClient(std::string_view url, std::optional<std::string> apikey);

    enum class Access { kPublic, kPrivate };
    Result<http::Response, http::Failure> publish(const model::SchemaKey& key,
                                                  const std::string& schema, Access access);
    Result<http::Response, http::Failure> read(const model::SchemaKey& key);
    /// All schemas that the key may read, as an array.
    Result<http::Response, http::Failure> read_all();

    const std::string& root() const { return root_; }

private:
    Result<http::Response, http::Failure> send(std::string method, std::string path,
                                               std::string body = {});

    std::string root_;
    std::optional<std::string> apikey_;
    http::Client client_;
};

/// The `message` of an answer, or a substitute.
std::string message_of(const http::Response& response);

/// Whether two schemas are equal, ignoring the order of members and the members of the root that a
/// registry adds.
bool is_same_schema(json::Value a, json::Value b);

}  // namespace snowline::cli
