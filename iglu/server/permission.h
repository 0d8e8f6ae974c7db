#pragma once

#include "common/model/schema_key.h"

#include <string>
#include <string_view>

namespace snowline::iglu::server {

enum class Right { kNone, kRead, kWrite };

/// The permission of an API key: to read or publish schemas of vendors below a prefix; only the
/// super key may create and delete keys. Without a known key only public schemas can be read.
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
/// The permission for a prefix as requested: `*`, blanks or nothing mean any vendor; trailing dots
/// are dropped.
Permission permission_for(std::string_view asked_prefix, Right right);

}  // namespace snowline::iglu::server
