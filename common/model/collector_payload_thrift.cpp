#include "common/model/collector_payload_thrift.h"

#include "common/text/utf8.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

namespace snowline::model {
namespace {

enum WireType : std::uint8_t {
    kStop = 0,
    kBool = 2,
    kByte = 3,
    kDouble = 4,
    kI16 = 6,
    kI32 = 8,
    kI64 = 10,
    kString = 11,
    kStruct = 12,
    kMap = 13,
    kSet = 14,
    kList = 15,
};

enum FieldId : std::int16_t {
    kIpAddress = 100,
    kTimestamp = 200,
    kEncoding = 210,
    kCollector = 220,
    kUserAgent = 300,
    kRefererUri = 310,
    kPath = 320,
    kQuerystring = 330,
    kBody = 340,
    kHeaders = 350,
    kContentType = 360,
    kHostname = 400,
    kNetworkUserId = 410,
    kSchema = 31337,
};

constexpr int kNestingMax = 64;                      // of unknown fields that are skipped
constexpr std::int32_t kMessageSizeMax = 100 << 20;  // libthrift's default

using View = CollectorPayloadView;

struct StringField {
    std::int16_t id;
    std::optional<std::string> CollectorPayload::*field;
    std::optional<std::string_view> View::*view;
};

// In ascending id order; `timestamp` (200) and `headers` (350) have types of their own.
constexpr StringField kStringFields[] = {
    {kIpAddress, &CollectorPayload::ip_address, &View::ip_address},
    {kEncoding, &CollectorPayload::encoding, &View::encoding},
    {kCollector, &CollectorPayload::collector, &View::collector},
    {kUserAgent, &CollectorPayload::user_agent, &View::user_agent},
    {kRefererUri, &CollectorPayload::referer_uri, &View::referer_uri},
    {kPath, &CollectorPayload::path, &View::path},
    {kQuerystring, &CollectorPayload::querystring, &View::querystring},
    {kBody, &CollectorPayload::body, &View::body},
    {kContentType, &CollectorPayload::content_type, &View::content_type},
    {kHostname, &CollectorPayload::hostname, &View::hostname},
    {kNetworkUserId, &CollectorPayload::network_user_id, &View::network_user_id},
    {kSchema, &CollectorPayload::schema, &View::schema},
};

enum LegacyId : std::int16_t {
    kLegacyTimestamp = 1,
    kLegacyPayload = 41,
    kLegacyPayloadData = 3,
    kLegacyHeaders = 70,
};

struct LegacyField {
    std::int16_t id;
    std::optional<std::string_view> View::*view;
};

constexpr LegacyField kLegacyFields[] = {
    {20, &View::collector},       {30, &View::encoding},   {40, &View::ip_address},
    {45, &View::hostname},        {50, &View::user_agent}, {60, &View::referer_uri},
    {80, &View::network_user_id},
};

class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    template <class Integer>
    void integer(Integer value) {
        for (int shift = (static_cast<int>(sizeof value) - 1) * 8; shift >= 0; shift -= 8) {
            out_ += static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 0xff);
        }
    }
    void field(WireType type, std::int16_t id) {
        out_ += static_cast<char>(type);
        integer(id);
    }
    void string(std::string_view text) {
        integer(static_cast<std::int32_t>(text.size()));
        out_ += text;
    }

private:
    std::string& out_;
};

class Reader {
public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    Result<View> payload();
    Result<View> legacy();

private:
    struct Malformed {};  // thrown and caught inside this file; `error_` holds the message

    void field(std::uint8_t type, std::int16_t id, View& out);
    void legacy_field(std::uint8_t type, std::int16_t id, View& out);
    void legacy_payload(View& out);
    void skip(std::uint8_t type, int depth);
    void skip_struct(int depth);
    std::vector<std::string_view> strings();

    template <class Integer>
    Integer integer() {
        need(sizeof(Integer));
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < sizeof(Integer); ++i) {
            value = value << 8 | static_cast<unsigned char>(bytes_[at_++]);
        }
        return static_cast<Integer>(value);
    }
    std::string_view raw_string() {
        const auto length = integer<std::int32_t>();
        if (length < 0)
            fail(fmt::format("offset {}, count {}, length {}", at_, length, bytes_.size()));
        if (length > kMessageSizeMax) fail("MaxMessageSize reached");
        need(static_cast<std::size_t>(length));
        const auto text = bytes_.substr(at_, static_cast<std::size_t>(length));
        at_ += static_cast<std::size_t>(length);
        return text;
    }
    // A count of elements, each of at least one byte, so that it cannot exceed the bytes left.
    std::int32_t count() {
        const auto size = integer<std::int32_t>();
        if (size < 0) fail(fmt::format("Negative size: {}", size));
        if (static_cast<std::size_t>(size) > bytes_.size() - at_) fail("MaxMessageSize reached");
        return size;
    }
    void need(std::size_t wanted) {
        const std::size_t left = bytes_.size() - at_;
        if (wanted <= left) return;
        fail(
            fmt::format("Cannot read. Remote side has closed. Tried to read {} bytes, but only got "
                        "{} bytes. (This is often indicative of an internal error on the server "
                        "side. Please check your server logs.)",
                        wanted, left));
    }
    [[noreturn]] void fail(std::string message) {
        error_ = std::move(message);
        throw Malformed{};
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
    bool has_payload_ = false;  // of the legacy struct
    std::string error_;
};

Result<View> Reader::payload() {
    View out;
    try {
        while (true) {
            const auto type = integer<std::uint8_t>();
            if (type == kStop) return out;
            const auto id = integer<std::int16_t>();
            field(type, id, out);
        }
    } catch (const Malformed&) {
        return unexpected(error_);
    }
}

void Reader::field(std::uint8_t type, std::int16_t id, View& out) {
    if (type == kString) {
        for (const auto& known : kStringFields) {
            if (known.id != id) continue;
            out.*known.view = raw_string();
            return;
        }
    }
    if (type == kI64 && id == kTimestamp) {
        out.timestamp_ms = integer<std::int64_t>();
    } else if (type == kList && id == kHeaders) {
        out.headers = strings();
    } else {
        skip(type, 0);
    }
}

Result<View> Reader::legacy() {
    View out;
    has_payload_ = false;
    try {
        while (true) {
            const auto type = integer<std::uint8_t>();
            if (type == kStop) break;
            const auto id = integer<std::int16_t>();
            legacy_field(type, id, out);
        }
    } catch (const Malformed&) {
        return unexpected(error_);
    }
    // The JVM's message, as the reference's loader fails here.
    if (!has_payload_) {
        return unexpected(
            std::string("Cannot read field \"data\" because \"snowplowRawEvent.payload\" is null"));
    }
    return out;
}

void Reader::legacy_field(std::uint8_t type, std::int16_t id, View& out) {
    if (type == kString) {
        for (const auto& known : kLegacyFields) {
            if (known.id != id) continue;
            out.*known.view = raw_string();
            return;
        }
    }
    if (type == kI64 && id == kLegacyTimestamp) {
        out.timestamp_ms = integer<std::int64_t>();
    } else if (type == kList && id == kLegacyHeaders) {
        out.headers = strings();
    } else if (type == kStruct && id == kLegacyPayload) {
        legacy_payload(out);
    } else {
        skip(type, 0);
    }
}

void Reader::legacy_payload(View& out) {
    has_payload_ = true;
    while (true) {
        const auto type = integer<std::uint8_t>();
        if (type == kStop) return;
        const auto id = integer<std::int16_t>();
        if (type == kString && id == kLegacyPayloadData)
            out.querystring = raw_string();
        else
            skip(type, 1);
    }
}

std::vector<std::string_view> Reader::strings() {
    const auto type = integer<std::uint8_t>();
    const auto size = count();
    constexpr std::int32_t kMostHeaders = 32;
    std::vector<std::string_view> out;
    if (type == kString) out.reserve(static_cast<std::size_t>(std::min(size, kMostHeaders)));
    for (std::int32_t i = 0; i < size; ++i) {
        if (type == kString)
            out.push_back(raw_string());
        else
            skip(type, 1);
    }
    return out;
}

void Reader::skip(std::uint8_t type, int depth) {
    if (depth > kNestingMax) fail("Maximum skip depth exceeded");
    const auto pass = [this](std::size_t bytes) {
        need(bytes);
        at_ += bytes;
    };
    switch (type) {
        case kBool:
        case kByte:
            return pass(1);
        case kI16:
            return pass(2);
        case kI32:
            return pass(4);
        case kDouble:
        case kI64:
            return pass(8);
        case kString:
            raw_string();
            return;
        case kStruct:
            return skip_struct(depth + 1);
        case kList:
        case kSet: {
            const auto element = integer<std::uint8_t>();
            for (auto left = count(); left > 0; --left) skip(element, depth + 1);
            return;
        }
        case kMap: {
            const auto key = integer<std::uint8_t>();
            const auto value = integer<std::uint8_t>();
            for (auto left = count(); left > 0; --left) {
                skip(key, depth + 1);
                skip(value, depth + 1);
            }
            return;
        }
        default:
            fail(fmt::format("Unrecognized type {}", static_cast<std::int8_t>(type)));
    }
}

void Reader::skip_struct(int depth) {
    while (true) {
        const auto type = integer<std::uint8_t>();
        if (type == kStop) return;
        integer<std::int16_t>();
        skip(type, depth);
    }
}

}  // namespace

std::string to_thrift(const CollectorPayload& payload) {
    std::string out;
    out.reserve(thrift_size(payload));
    Writer writer(out);
    for (const auto& known : kStringFields) {
        // The two fields of other types, in the order of ids.
        if (known.id == kEncoding && payload.timestamp_ms) {
            writer.field(kI64, kTimestamp);
            writer.integer(*payload.timestamp_ms);
        }
        if (known.id == kContentType && payload.headers) {
            writer.field(kList, kHeaders);
            out += static_cast<char>(kString);
            writer.integer(static_cast<std::int32_t>(payload.headers->size()));
            for (const auto& header : *payload.headers) writer.string(header);
        }
        if (const auto& text = payload.*known.field) {
            writer.field(kString, known.id);
            writer.string(*text);
        }
    }
    out += static_cast<char>(kStop);
    return out;
}

std::size_t thrift_size(const CollectorPayload& payload) {
    constexpr std::size_t kFieldHead = 3;
    std::size_t size = 1;
    for (const auto& known : kStringFields) {
        if (const auto& text = payload.*known.field) size += kFieldHead + 4 + text->size();
    }
    if (payload.timestamp_ms) size += kFieldHead + 8;
    if (payload.headers) {
        size += kFieldHead + 5;
        for (const auto& header : *payload.headers) size += 4 + header.size();
    }
    return size;
}

Result<CollectorPayloadView> view_thrift(std::string_view bytes) {
    return Reader(bytes).payload();
}

Result<CollectorPayloadView> view_legacy_thrift(std::string_view bytes) {
    return Reader(bytes).legacy();
}

Result<CollectorPayload> from_thrift(std::string_view bytes) {
    const auto view = view_thrift(bytes);
    if (!view) return unexpected(view.error());
    CollectorPayload out;
    for (const auto& known : kStringFields) {
        if (const auto text = *view.*known.view) out.*known.field = text::to_valid_utf8(*text);
    }
    out.timestamp_ms = view->timestamp_ms;
    if (view->headers) {
        auto& headers = out.headers.emplace();
        headers.reserve(view->headers->size());
        for (const auto header : *view->headers) headers.push_back(text::to_valid_utf8(header));
    }
    return out;
}

}  // namespace snowline::model
