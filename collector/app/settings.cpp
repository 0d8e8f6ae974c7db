#include "collector/app/settings.h"

#include "common/config/load.h"
#include "common/config/reader.h"
#include "common/text/ascii.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace snowline::collector {
namespace {

using config::Range;
using config::Reader;

constexpr std::int64_t kStdoutMaxBytes = 1'000'000'000;

void read_ssl(const Reader& ssl, Settings::Ssl& settings) {
    ssl.read("enable", settings.enable);
    ssl.read("redirect", settings.redirect);
    ssl.read("port", settings.port);
}

void read_paths(const Reader& root, config::StringMap& paths) {
    root.read("paths", paths);
    for (const auto& [from, to] : paths) {
        if (from.starts_with('/') && to.starts_with('/')) continue;
        root.error("paths", fmt::format("\"{}\" = \"{}\" is not allowed here; paths that begin "
                                        "with / are",
                                        from, to));
    }
}

void read_p3p(const Reader& p3p, Settings::P3p& settings) {
    p3p.read("policyRef", settings.policy_ref);
    p3p.read("CP", settings.cp);
}

void read_cross_domain(const Reader& cross_domain, Settings::CrossDomain& settings) {
    cross_domain.read("enabled", settings.enabled);
    cross_domain.read("domains", settings.domains);
    cross_domain.read("secure", settings.secure);
}

bool is_domain_character(char c) {
    return text::is_alphanumeric(c) || c == '-' || c == '.';
}

void read_cookie(const Reader& cookie, Settings::Cookie& settings) {
    cookie.read("enabled", settings.enabled);
    cookie.read("name", settings.name);
    cookie.read("expiration", settings.expiration);
    cookie.read("domains", settings.domains);
    cookie.read("fallbackDomain", settings.fallback_domain);
    cookie.read("secure", settings.secure);
    cookie.read("httpOnly", settings.http_only);
    cookie.read("sameSite", settings.same_site);
    cookie.read("clientCookieName", settings.client_cookie_name);
    const std::string domain = settings.fallback_domain.value_or("");
    const auto odd = std::find_if_not(domain.begin(), domain.end(), is_domain_character);
    if (odd != domain.end()) {
        cookie.error("fallbackDomain",
                     fmt::format("contains invalid character for a domain: [{}]", *odd));
    }
}

void read_do_not_track(const Reader& cookie, Settings::DoNotTrackCookie& settings) {
    cookie.read("enabled", settings.enabled);
    cookie.read("name", settings.name);
    cookie.read("value", settings.value);
}

void read_cookie_bounce(const Reader& bounce, Settings::CookieBounce& settings) {
    bounce.read("enabled", settings.enabled);
    bounce.read("name", settings.name);
    bounce.read("fallbackNetworkUserId", settings.fallback_network_user_id);
    bounce.read("forwardedProtocolHeader", settings.forwarded_protocol_header);
}

void read_root_response(const Reader& response, Settings::RootResponse& settings) {
    response.read("enabled", settings.enabled);
    response.read("statusCode", settings.status_code, Range{100, 599});
    response.read("headers", settings.headers);
    response.read("body", settings.body);
}

void read_buffer(const Reader& buffer, Settings::Buffer& settings) {
    buffer.read_bytes("byteLimit", settings.byte_limit);
    buffer.read("recordLimit", settings.record_limit, Range{.min = 0});
    buffer.read("timeLimit", settings.time_limit);
}

// What may stand in a `sink { }` of 2.x as in a `good { }` or `bad { }` of 3.x.
void read_destination(const Reader& section, Settings::Stream& stream) {
    section.read("brokers", stream.brokers);
    section.read("retries", stream.retries, Range{.min = 0, .max = 2'147'483'647});
    section.read_bytes("maxBytes", stream.max_bytes, Range{.min = 1});
    section.read_flat("producerConf", stream.producer_conf);
    section.read("startupCheckInterval", stream.startup_check_interval);
    section.read("retryInterval", stream.retry_interval);
    section.without_effect("startupCheckInterval");
    section.without_effect("retryInterval");
    read_buffer(section.section("buffer"), stream.buffer);
}

// What has no default is required.
void read_name(const Reader& section, std::string_view key, std::string& field) {
    if (field.empty()) return section.require(key, field);
    section.read(key, field);
}

// A stream is a topic's name (2.x) or an object with a name and its own destination (3.x).
Settings::Stream read_stream(const Reader& streams, std::string_view key, Settings::Stream stream,
                             SinkKind sink) {
    const config::Value* value = streams.find(key);
    if (value && value->type == config::Type::kObject) {
        const Reader section = streams.section(key);
        read_name(section, "name", stream.name);
        read_destination(section, stream);
    } else {
        read_name(streams, key, stream.name);
    }
    if (sink == SinkKind::kKafka && stream.brokers.empty()) {
        streams.error(key,
                      "brokers are required for the sink `kafka`: sink.brokers for both "
                      "streams, or brokers in each");
    }
    return stream;
}

void read_streams(const Reader& streams, Settings::Streams& settings) {
    const Reader sink = streams.section("sink");
    sink.read("enabled", settings.sink, kSinkKinds);
    streams.read("useIpAddressAsPartitionKey", settings.use_ip_address_as_partition_key);
    Settings::Stream both;
    if (settings.sink == SinkKind::kStdout) both.max_bytes = kStdoutMaxBytes;
    read_destination(sink, both);
    read_buffer(streams.section("buffer"), both.buffer);
    const auto read = [&](std::string_view key, Settings::Stream& stream) {
        both.name = stream.name;
        stream = read_stream(streams, key, both, settings.sink);
    };
    read("good", settings.good);
    read("bad", settings.bad);
}

void read_networking(const Reader& networking, Settings::Networking& settings) {
    const Range positive{.min = 1};
    networking.read("maxConnections", settings.max_connections, positive);
    networking.read("idleTimeout", settings.idle_timeout);
    networking.read("responseHeaderTimeout", settings.response_header_timeout);
    networking.read("bodyReadTimeout", settings.body_read_timeout);
    networking.read_bytes("maxRequestLineLength", settings.max_request_line_length, positive);
    networking.read_bytes("maxHeadersLength", settings.max_headers_length, positive);
    networking.read_bytes("maxPayloadSize", settings.max_payload_size, positive);
    networking.read_bytes("dropPayloadSize", settings.drop_payload_size, positive);
    if (settings.drop_payload_size && settings.max_payload_size > settings.drop_payload_size) {
        networking.error("maxPayloadSize",
                         fmt::format("{} is more than dropPayloadSize, {}",
                                     *settings.max_payload_size, *settings.drop_payload_size));
    }
}

void read_snowline(const Reader& snowline, bool has_tls, SinkKind sink,
                   Settings::Snowline& settings) {
    config::read_shared(snowline, settings);

    const Reader tls = snowline.section("tls");
    tls.read("certificate", settings.tls.certificate);
    tls.read("privateKey", settings.tls.private_key);
    if (has_tls && settings.tls.certificate.empty()) tls.missing("certificate");
    if (has_tls && settings.tls.private_key.empty()) tls.missing("privateKey");

    const Reader delivery = snowline.section("delivery");
    delivery.read("ackTimeout", settings.delivery.ack_timeout, config::Duration(1));
    delivery.read("mode", settings.delivery.mode,
                  {{"acked", DeliveryMode::kAcked}, {"fast", DeliveryMode::kFast}});

    read_bounds(snowline.section("networking"), settings.networking);
    read_access(snowline.section("access"), settings.access);
    read_privacy(snowline.section("privacy"), settings.privacy);

    const Reader spool = snowline.section("spool");
    spool.read("path", settings.spool.path);
    if (settings.spool.path && sink != SinkKind::kKafka) {
        spool.error("path",
                    "a spool is for streams.sink.enabled = kafka: the other sinks are on this "
                    "machine themselves");
    }
    spool.read_bytes("maxBytes", settings.spool.max_bytes, Range{.min = 1 << 20});

    // The enricher's, so that both can share a file.
    for (const char* key : {"iglu", "dedupe", "lifeCycles", "pii"}) snowline.accept(key);
}

// The reference reads its keys from `collector { }` and, where that lacks one, from the top. Where
// the enricher's keys are in the file, too, those at the top are the enricher's, but for
// `snowline`.
config::Value lift_collector(const config::Value& root, Sharing sharing) {
    const config::Value* own = root.find("collector");
    const bool has_own = own != nullptr && own->type == config::Type::kObject;
    const bool is_shared = sharing == Sharing::kWithEnricher ||
                           (has_own && (root.find("input") || root.find("output")));
    if (!has_own && !is_shared) return root;
    config::Value rest = root;
    std::erase_if(rest.members, [&](const config::Member& member) {
        return member.name == "collector" || (is_shared && member.name != "snowline");
    });
    return has_own ? config::with_fallback(*own, rest) : rest;
}

void read_all(const Reader& root, Settings& settings) {
    if (settings.interface.empty()) {
        root.require("interface", settings.interface);
        root.require("port", settings.port);
    } else {
        root.read("interface", settings.interface);
        root.read("port", settings.port);
    }
    read_ssl(root.section("ssl"), settings.ssl);
    read_paths(root, settings.paths);
    read_p3p(root.section("p3p"), settings.p3p);
    read_cross_domain(root.section("crossDomain"), settings.cross_domain);
    read_cookie(root.section("cookie"), settings.cookie);
    read_do_not_track(root.section("doNotTrackCookie"), settings.do_not_track_cookie);
    read_cookie_bounce(root.section("cookieBounce"), settings.cookie_bounce);
    root.read("enableDefaultRedirect", settings.enable_default_redirect);
    root.read("redirectDomains", settings.redirect_domains);
    const Reader redirect_macro = root.section("redirectMacro");
    redirect_macro.read("enabled", settings.redirect_macro.enabled);
    redirect_macro.read("placeholder", settings.redirect_macro.placeholder);
    read_root_response(root.section("rootResponse"), settings.root_response);
    root.section("cors").read("accessControlMaxAge", settings.cors.access_control_max_age,
                              std::chrono::seconds(-1));
    const Reader hsts = root.section("hsts");
    hsts.read("enable", settings.hsts.enable);
    hsts.read("maxAge", settings.hsts.max_age);
    read_streams(root.section("streams"), settings.streams);
    read_networking(root.section("networking"), settings.networking);
    const Reader metrics = root.section("monitoring").section("metrics");
    config::read_statsd(metrics.section("statsd"), settings.statsd);
    root.read("terminationDeadline", settings.termination_deadline);
    root.read("preTerminationPeriod", settings.pre_termination_period);
    root.read("preTerminationUnhealthy", settings.pre_termination_unhealthy);
    read_snowline(root.section("snowline", "snowline"), settings.ssl.enable, settings.streams.sink,
                  settings.snowline);
    // Of the reference and without effect here: nobody is phoned, no licence asked for, and the
    // HTTP library is another one.
    for (const char* key : {"license", "telemetry", "akka", "experimental", "prometheusMetrics"}) {
        root.accept(key);
    }
}

}  // namespace

LoadedSettings decode_settings(const config::Tree& tree) {
    return decode_settings(tree, Sharing::kMaybe, {});
}

LoadedSettings decode_settings(const config::Tree& tree, Sharing sharing, Settings settings) {
    const config::Value root = lift_collector(tree.root(), sharing);
    const std::string path = tree.root().find("collector") ? "collector" : "";
    config::Report report;
    read_all(Reader(root, path, report), settings);
    auto warnings = report.finish(root);
    return {.settings = std::move(settings), .warnings = std::move(warnings)};
}

LoadedSettings load_settings(const std::string& argument) {
    return decode_settings(config::load_argument(argument));
}

}  // namespace snowline::collector
