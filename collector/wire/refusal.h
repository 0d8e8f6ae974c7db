#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::wire {

/// Why a request is not served: all answers that the collector may give instead of the requested
/// one.
enum class RefusalReason : std::uint8_t {
    // The request line.
    kNoRequestLine,          // no method, and not the beginning of one: no HTTP
    kIllegalMethod,          // bytes before the first space that can be no method
    kMethodTooLong,          // could be one, of more bytes than any method has
    kUnknownMethod,          // one that HTTP or the collector does not know
    kConnectMethod,          // proxying is not supported
    kTargetTooLong,          // 2.10's limit
    kConfiguredLineTooLong,  // `networking.maxRequestLineLength`
    kIllegalTarget,          // the text says what, and where
    kUnsupportedScheme,      // of an absolute target
    kUnsupportedVersion,     // neither HTTP/1.0 nor 1.1
    // Headers.
    kHeadersTooLong,            // all together; 2.10's limit
    kConfiguredHeadersTooLong,  // all together; `networking.maxHeadersLength`
    kTooManyHeaders,            // more lines than `snowline.networking.maxHeaderCount`
    kHeaderNameTooLong,         // one of them
    kHeaderValueTooLong,        // one of them
    kIllegalHeaderName,         // a character in it that no name may have
    kIllegalHeaderValue,        // a control character in it
    kSeveralContentTypes,       // ambiguous
    // Framing and host: two programs might read these differently.
    kFoldedFraming,           // a header of these in several lines
    kIllegalContentLength,    // no decimal number
    kSeveralContentLengths,   // even if they are the same
    kContentLengthTooLarge,   // beyond 63 bits
    kSeveralTransferCodings,  // in one header or in several
    kUnknownTransferCoding,   // other than `chunked`
    kLengthOfChunked,         // both framings
    kChunkedHttp10,           // which has no chunks
    kSeveralHosts,            // even if they are the same
    kNoHost,                  // HTTP/1.1 without one, or one that cannot be read
    kNoHttp10Host,            // HTTP/1.0 without one, and without an absolute target
    kEmptyHost,               // and no absolute target
    kHostDiffers,             // from the absolute target's
    // Time.
    kHeadTimeout,  // the head did not come in time
    kBodyTimeout,  // nor the body, or it came too slowly
    // The body.
    kBrokenBody,             // its chunks are none, or it was cut short
    kBodyTooLong,            // sent or decoded
    kConfiguredBodyTooLong,  // beyond `networking.dropPayloadSize`
    kSeveralContentCodings,  // in one header or in several
    kUndecodableBody,        // not what its Content-Encoding says
    kBodyTooDense,           // unpacks to too many times its size
    // Access.
    kOriginNotAllowed,  // not in `snowline.access.origins`
    kAppIdNotAllowed,   // not in `snowline.access.appIds`
    kAddressRate,       // too many requests of one address
    kAppIdRate,         // too many requests with one app id
    // Load.
    kTooManyBytes,        // of bodies that are held at a time
    kTooManyConnections,  // all connection slots are in use
    // The log. These are answers to served requests and counted as such, not as refusals.
    kLogAway,     // the event would be lost: its body is not read
    kNotDurable,  // it could not be stored in time
};

/// What becomes of the connection after the refusal.
enum class ConnectionAfter : std::uint8_t {
    kClosed,  // the start of the next request is unknown
    /// Closed; without an answer where a request was served before. Such bytes are most likely the
    /// rest of its body, so the client does not expect another answer.
    kClosedQuietly,
    kOpen,  // the request was read to its end
};

/// The constant parts of a refusal.
struct RefusalRow {
    RefusalReason reason;
    int status;
    std::string_view text;   // the answer's body; `{}` is where the refusal's detail goes
    std::string_view label;  // `reason` in metrics, maybe shared; "": not counted
    ConnectionAfter connection = ConnectionAfter::kClosed;
    std::int64_t retry_after_seconds = 0;  // 0: no Retry-After
};

// clang-format off
/// In the order of `RefusalReason`. Texts that the reference also has are the reference's.
inline constexpr std::array kRefusals{
    RefusalRow{RefusalReason::kNoRequestLine, 400, "Unsupported HTTP method", "malformed", ConnectionAfter::kClosedQuietly},
    RefusalRow{RefusalReason::kIllegalMethod, 501, "Unsupported HTTP method", "malformed", ConnectionAfter::kClosedQuietly},
    RefusalRow{RefusalReason::kMethodTooLong, 400, "Unsupported HTTP method", "malformed"},
    RefusalRow{RefusalReason::kUnknownMethod, 501, "Unsupported HTTP method", "malformed"},
    RefusalRow{RefusalReason::kConnectMethod, 400, "CONNECT requests are not supported", "malformed"},
    RefusalRow{RefusalReason::kTargetTooLong, 414, "URI length exceeds the configured limit of {} characters", "request_line"},
    RefusalRow{RefusalReason::kConfiguredLineTooLong, 400, "The request line exceeds the limit of {} bytes", "request_line"},
    RefusalRow{RefusalReason::kIllegalTarget, 400, "Illegal request-target: {}", "malformed"},
    RefusalRow{RefusalReason::kUnsupportedScheme, 400, R"(`uri` must have scheme "http", "https", "ws", "wss" or no scheme)", "malformed"},
    RefusalRow{RefusalReason::kUnsupportedVersion, 505, "The server does not support the HTTP protocol version used in the request.", "malformed"},

    RefusalRow{RefusalReason::kHeadersTooLong, 431, "The headers exceed the limit of {} bytes", "headers"},
    RefusalRow{RefusalReason::kConfiguredHeadersTooLong, 400, "The headers exceed the limit of {} bytes", "headers"},
    RefusalRow{RefusalReason::kTooManyHeaders, 400, "HTTP message contains more than the configured limit of {} headers", "headers"},
    RefusalRow{RefusalReason::kHeaderNameTooLong, 431, "HTTP header name exceeds the configured limit of {} characters", "headers"},
    RefusalRow{RefusalReason::kHeaderValueTooLong, 431, "HTTP header value exceeds the configured limit of {} characters", "headers"},
    RefusalRow{RefusalReason::kIllegalHeaderName, 400, "Illegal character '{}' in header name", "malformed"},
    RefusalRow{RefusalReason::kIllegalHeaderValue, 400, "Illegal character '{}' in header value", "malformed"},
    RefusalRow{RefusalReason::kSeveralContentTypes, 400, "HTTP message must not contain more than one Content-Type header", "malformed"},

    RefusalRow{RefusalReason::kFoldedFraming, 400, "`{}` must be one line", "framing"},
    RefusalRow{RefusalReason::kIllegalContentLength, 400, "Illegal `Content-Length` header value", "framing"},
    RefusalRow{RefusalReason::kSeveralContentLengths, 400, "HTTP message must not contain more than one Content-Length header", "framing"},
    RefusalRow{RefusalReason::kContentLengthTooLarge, 400, "`Content-Length` header value must not exceed 63-bit integer range", "framing"},
    RefusalRow{RefusalReason::kSeveralTransferCodings, 400, "Multiple Transfer-Encoding entries not supported", "framing"},
    RefusalRow{RefusalReason::kUnknownTransferCoding, 400, "Transfer-Encoding other than chunked is not supported", "framing"},
    RefusalRow{RefusalReason::kLengthOfChunked, 400, "A chunked request must not contain a Content-Length header", "framing"},
    RefusalRow{RefusalReason::kChunkedHttp10, 400, "Transfer-Encoding is not defined for HTTP/1.0", "framing"},
    RefusalRow{RefusalReason::kSeveralHosts, 400, "HTTP message must not contain more than one Host header", "malformed"},
    RefusalRow{RefusalReason::kNoHost, 400, "Request is missing required `Host` header", "malformed"},
    RefusalRow{RefusalReason::kNoHttp10Host, 400, "Cannot establish effective URI of request to `{}`, request has a relative URI and is missing a `Host` header", "malformed"},
    RefusalRow{RefusalReason::kEmptyHost, 400, "Cannot establish effective URI of request to `{}`, request has a relative URI and an empty `Host` header", "malformed"},
    RefusalRow{RefusalReason::kHostDiffers, 400, "'Host' header value of request to `{}` doesn't match request target authority", "malformed"},

    RefusalRow{RefusalReason::kHeadTimeout, 408, "The request did not come in time.", "head_timeout"},
    RefusalRow{RefusalReason::kBodyTimeout, 408, "The request's body did not come in time.", "body_timeout"},

    RefusalRow{RefusalReason::kBrokenBody, 404, "404 not found", "broken_body"},
    RefusalRow{RefusalReason::kBodyTooLong, 400, "The request's body is too long.", "body"},
    RefusalRow{RefusalReason::kConfiguredBodyTooLong, 413, "The request's body is too long.", "body"},
    RefusalRow{RefusalReason::kSeveralContentCodings, 400, "A body may have one Content-Encoding.", "decoding"},
    RefusalRow{RefusalReason::kUndecodableBody, 400, "The request's body is not what its Content-Encoding says.", "decoding"},
    RefusalRow{RefusalReason::kBodyTooDense, 400, "The request's body is compressed too densely.", "decompression_ratio"},

    // Trackers drop what was answered with 403, and send again what was answered with 429.
    RefusalRow{RefusalReason::kOriginNotAllowed, 403, "This origin may not send events.", "origin"},
    RefusalRow{RefusalReason::kAppIdNotAllowed, 403, "This app id may not send events.", "app_id"},
    RefusalRow{RefusalReason::kAddressRate, 429, "Too many requests. Please try again later.", "address_rate"},
    RefusalRow{RefusalReason::kAppIdRate, 429, "Too many requests. Please try again later.", "app_id_rate"},

    RefusalRow{RefusalReason::kTooManyBytes, 503, "Too much at a time. Please try again.", "overload", ConnectionAfter::kClosed, 5},
    RefusalRow{RefusalReason::kTooManyConnections, 503, "Too many connections. Please try again.", "connections", ConnectionAfter::kClosed, 5},

    RefusalRow{RefusalReason::kLogAway, 503, "The event could not be stored. Please try again.", "", ConnectionAfter::kClosed, 5},
    RefusalRow{RefusalReason::kNotDurable, 503, "The event could not be stored. Please try again.", "", ConnectionAfter::kOpen, 5},
};
// clang-format on

static_assert([] {
    for (std::size_t i = 0; i < kRefusals.size(); ++i) {
        if (static_cast<std::size_t>(kRefusals[i].reason) != i) return false;
    }
    return kRefusals.back().reason == RefusalReason::kNotDurable;
}());

constexpr const RefusalRow& row_of(RefusalReason reason) {
    return kRefusals[static_cast<std::size_t>(reason)];
}

/// One request's refusal: the reason and its variable parts.
struct Refusal {
    RefusalReason reason;
    std::string detail{};                       // what stands for `{}` in the reason's text
    std::optional<std::int64_t> retry_after{};  // seconds; nullopt: as the reason's row says

    const RefusalRow& row() const { return row_of(reason); }
    int status() const { return row().status; }
    std::string text() const;
    std::int64_t retry_after_seconds() const {
        return retry_after.value_or(row().retry_after_seconds);
    }
};

}  // namespace snowline::collector::wire
