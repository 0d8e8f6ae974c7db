#include "enricher/load/load.h"

#include "common/model/collector_payload_thrift.h"
#include "common/text/base64.h"
#include "common/text/utf8.h"
#include "common/text/uuid.h"
#include "enricher/load/charset.h"
#include "enricher/load/client_ip.h"
#include "enricher/load/querystring.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::string_view kExpectedSchema =
    "iglu:com.snowplowanalytics.snowplow/CollectorPayload/thrift/1-0-0";
constexpr std::string_view kOwnVendor = "com.snowplowanalytics.snowplow";

using Failures = std::vector<LoadFailure>;

struct Path {
    std::string_view vendor, version;
};

std::optional<std::string_view> utf8(std::optional<std::string_view> bytes, json::Arena& arena) {
    if (!bytes) return std::nullopt;
    return decode(*bytes, Charset::kUtf8, arena);
}

Result<model::CollectorPayloadView> thrift(std::string_view record) {
    auto view = model::view_thrift(record);
    if (view && !view->schema) view = model::view_legacy_thrift(record);
    return view;
}

// As in the reference: a record that is no Thrift is tried again base64-decoded; the first failure
// is reported.
Result<model::CollectorPayloadView> thrift(std::string_view record, Base64 base64,
                                           json::Arena& arena) {
    auto view = thrift(record);
    if (view || base64 == Base64::kNever) return view;
    const auto decoded = text::decode_base64(record);
    if (!decoded) return view;
    auto second = thrift(arena.copy(*decoded));
    return second ? second : view;
}

// Parses the bytes as one of the two structs, and checks the schema that they name.
Result<model::CollectorPayloadView, Undecodable> read(std::string_view record, Base64 base64,
                                                      json::Arena& arena) {
    const auto undecodable = [](std::string error) {
        return unexpected(Undecodable{std::move(error)});
    };
    const auto view = thrift(record, base64, arena);
    if (!view) return undecodable("error deserializing raw event: " + view.error());
    if (!view->schema || *view->schema == kExpectedSchema) return *view;
    const std::string schema = text::to_valid_utf8(*view->schema);
    const auto key = model::SchemaKey::parse(schema);
    if (!key) {
        return undecodable(fmt::format("could not parse schema: {}", model::name_of(key.error())));
    }
    const model::SchemaCriterion criterion{.vendor = std::string(kOwnVendor),
                                           .name = "CollectorPayload",
                                           .format = "thrift",
                                           .model = 1,
                                           .revision = 0,
                                           .addition = std::nullopt};
    if (!criterion.matches(*key)) {
        return undecodable(fmt::format("verifying record as {} failed: found {}",
                                       criterion.to_uri(), key->to_uri()));
    }
    return *view;
}

// `/vendor/version`, with or without the outer slashes; else the old paths of the pixel.
std::optional<Path> parse_path(std::string_view path) {
    std::string_view inner = path;
    if (inner.starts_with('/')) inner.remove_prefix(1);
    if (inner.ends_with('/')) inner.remove_suffix(1);
    const std::size_t slash = inner.find('/');
    if (slash != std::string_view::npos && slash > 0 && slash + 1 < inner.size() &&
        inner.find('/', slash + 1) == std::string_view::npos) {
        return Path{inner.substr(0, slash), inner.substr(slash + 1)};
    }
    if (path == "/i" || path.starts_with("/i?") || path.starts_with("/ice.png")) {
        return Path{kOwnVendor, "tp1"};
    }
    return std::nullopt;
}

void load_querystring(std::string_view text, Charset charset, std::string_view charset_name,
                      json::Arena& arena, Payload& out, Failures& failures) {
    auto pairs = parse_querystring(text, charset, arena);
    if (pairs) {
        out.querystring = std::move(*pairs);
        return;
    }
    failures.push_back(InputData{
        .field = "querystring",
        .value = std::string(text),
        .expectation = fmt::format("could not extract name-value pairs from querystring with "
                                   "encoding {}: {}",
                                   charset_name, clean_message(pairs.error()))});
}

void load_path(std::optional<std::string_view> path, Payload& out, Failures& failures) {
    if (!path) {
        failures.push_back(InputData{"path", std::nullopt, "request does not contain a path"});
        return;
    }
    const auto parsed = parse_path(*path);
    if (!parsed) {
        failures.push_back(InputData{
            "path", std::string(*path),
            "path does not match (/)vendor/version(/) nor is a legacy /i(ce.png) request"});
        return;
    }
    out.vendor = parsed->vendor;
    out.version = parsed->version;
}

void load_network_user_id(std::string_view text, json::Arena& arena, Payload& out,
                          Failures& failures) {
    const auto uuid = text::parse_uuid_lenient(text);
    if (!uuid) {
        failures.push_back(InputData{"networkUserId", std::string(text), "not valid UUID"});
        return;
    }
    out.sender.network_user_id = *uuid == text ? text : arena.copy(*uuid);
}

}  // namespace

Result<Payload, Failures> load(std::string_view record, json::Arena& arena, Base64 base64) {
    const auto view = read(record, base64, arena);
    if (!view) return unexpected(Failures{view.error()});
    if (!view->encoding) {
        return unexpected(
            Failures{Undecodable{"error deserializing raw event: Null charset name"}});
    }
    const auto charset = charset_named(*view->encoding);
    if (!charset) {
        return unexpected(Failures{
            Undecodable{"error deserializing raw event: " + text::to_valid_utf8(*view->encoding)}});
    }
    const bool legacy = !view->schema;

    Payload out;
    Failures failures;
    if (const auto query = utf8(view->querystring, arena)) {
        load_querystring(*query, *charset, *view->encoding, arena, out, failures);
    }
    load_path(legacy ? std::optional<std::string_view>("/i") : utf8(view->path, arena), out,
              failures);
    if (const auto id = utf8(view->network_user_id, arena)) {
        load_network_user_id(*id, arena, out, failures);
    }
    if (!failures.empty()) return unexpected(std::move(failures));

    out.content_type = utf8(view->content_type, arena);
    out.body = utf8(view->body, arena);
    out.collector = utf8(view->collector, arena);
    out.encoding = view->encoding;
    out.charset = *charset;
    out.hostname = utf8(view->hostname, arena);
    out.sender.timestamp_ms = view->timestamp_ms.value_or(0);  // Thrift's default
    out.sender.user_agent = utf8(view->user_agent, arena);
    out.sender.referer_uri = utf8(view->referer_uri, arena);
    if (view->headers) {
        auto* headers = arena.allocate_array<std::string_view>(view->headers->size());
        std::size_t count = 0;
        for (const auto header : *view->headers) {
            headers[count++] = decode(header, Charset::kUtf8, arena);
        }
        out.sender.headers = {headers, count};
    }
    const auto forwarded = forwarded_ip(out.sender.headers, arena);
    out.sender.ip_address = forwarded ? forwarded : utf8(view->ip_address, arena);
    return out;
}

}  // namespace snowline::enricher
