#pragma once

#include "common/http/message.h"
#include "iglu/server/permission.h"
#include "iglu/server/schemas_route.h"
#include "iglu/server/store.h"
#include "iglu/server/target.h"

#include <string>
#include <string_view>
#include <utility>

namespace snowline::iglu::server {

struct ApiSettings {
    std::string super_key_hash;  // empty: there is no super key
    Publishing publishing{};
    bool debug = true;    // whether `/api/debug` exists
    std::string version;  // of the program, for `/api/meta/server`
};

/// The hash by which a key is stored and compared.
std::string hash_of_key(std::string_view canonical_uuid);
/// A new key: 122 bits from the operating system.
std::string new_key();

/// Iglu Server's HTTP API, 0.11, on a store: a function from request to response. Thread-safe.
/// Public schemas can be read without a key; schemas that the key may not read are 404, so that
/// their existence is not disclosed.
class Api {
public:
    Api(Store& store, ApiSettings settings) : store_(store), settings_(std::move(settings)) {}

    http::Response answer(const http::Request& request) const;

private:
    http::Response route(const http::Request& request, const Target& target) const;
    http::Response debug(const http::Request& request, const Target& target) const;
    http::Response meta(const http::Request& request, const Target& target,
                        const Permission& who) const;
    http::Response auth(const http::Request& request, const Target& target,
                        const Permission& who) const;
    http::Response make_keys(const http::Request& request, const Permission& who) const;
    http::Response page(const http::Request& request, const Target& target) const;
    Result<Permission, http::Response> permission_of(const http::Request& request) const;
    Result<Permission, http::Response> permission_of_key(std::string_view given) const;

    Store& store_;
    ApiSettings settings_;
};

}  // namespace snowline::iglu::server
