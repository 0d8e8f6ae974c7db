#include "collector/wire/body.h"

#include "collector/wire/ascii.h"
#include "collector/wire/content_coding.h"

#include <algorithm>

namespace snowline::collector::wire {
namespace {

RefusalReason reason_of(DecodeFailure failure, const BodyLimits& limits) {
    switch (failure) {
        case DecodeFailure::kMalformed:
            return RefusalReason::kUndecodableBody;
        case DecodeFailure::kTooLong:
            return limits.too_long;
        case DecodeFailure::kTooDense:
            return RefusalReason::kBodyTooDense;
    }
    return RefusalReason::kUndecodableBody;
}

}  // namespace

Result<std::optional<std::string>, Refusal> decode_body(const Head& head, std::string_view body,
                                                        const BodyLimits& limits) {
    using Decoded = std::optional<std::string>;
    if (!limits.decodes || body.empty()) return Decoded();
    const std::string* value = head.find("Content-Encoding");
    if (value == nullptr) return Decoded();
    const auto codings = std::count_if(
        head.lines.begin(), head.lines.end(),
        [](const HeaderLine& line) { return equal_ignoring_case(line.name, "Content-Encoding"); });
    if (codings > 1 || value->find(',') != std::string::npos) {
        return unexpected(Refusal{RefusalReason::kSeveralContentCodings});
    }
    const auto coding = parse_content_coding(*value);
    if (!coding) return Decoded();
    auto decoded = decode_content(body, *coding, {limits.bytes_max, limits.ratio_max});
    if (!decoded) return unexpected(Refusal{reason_of(decoded.error(), limits)});
    return Decoded(std::move(*decoded));
}

}  // namespace snowline::collector::wire
