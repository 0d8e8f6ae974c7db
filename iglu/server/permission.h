#pragma once

#include "common/model/schema_key.h"

#include <string>
#include <string_view>

namespace snowline::iglu::server {

enum class Right { kNone, kRead, kWrite };

/// What an API key may do: read or publish the schemas of vendors below a prefix; the super key
/// alone may make and remove keys. Who has no known key sees public schemas.
struct Permission {
    std::string vendor_prefix;  // by dot-separated part: `com.acme` is no prefix of `com.acmecorp`
    bool any_vendor = false;
    Right right = Right::kNone;
    bool manages_keys = false;

    bool covers(std::string_view vendor) const;
    bool may_read(std::string_view vendor) const { return right >= Right::kRead && covers(vendor); }
    bool may_publish(std::string_view vendor) const {
        return right == Right::kWrite && covers(vendor);
    }
    /// As `/api/meta/server` shows it: `{"vendor":"com.acme","schema":"READ","key":[]}`.
    std::string to_json() const;
};

Permission super_permission();
/// The prefix as it was asked for: `*`, blanks or nothing are any vendor; dots at the end go.
Permission permission_for(std::string_view asked_prefix, Right right);

}  // namespace snowline::iglu::server
