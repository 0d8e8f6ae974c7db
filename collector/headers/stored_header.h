#pragma once

#include "collector/wire/head.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace snowline::collector::headers {

enum class Reading : std::uint8_t {
    kUnknown,   // a header without rules: stored as it came
    kParsed,    // stored under its canonical name, rendered anew
    kUnparsed,  // a known header that could not be read: lower-case name, value as it came
};

/// A request's header as events store it. Enrichments (cookie and header extractors, client hints)
/// read these lists, so the forms are the reference's.
struct StoredHeader {
    std::string name;
    std::string value;
    Reading reading = Reading::kUnknown;
};

StoredHeader read_header(const wire::HeaderLine& line);

}  // namespace snowline::collector::headers
