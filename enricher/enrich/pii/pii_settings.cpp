#include "enricher/enrich/pii/pii_settings.h"

#include "common/text/ascii.h"
#include "enricher/enrich/configuration/config_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using Strings = std::vector<std::string>;

constexpr std::array<std::string_view, 18> kScalarFields{
    "user_id",         "user_ipaddress",     "user_fingerprint", "domain_userid", "network_userid",
    "ip_organization", "ip_domain",          "tr_orderid",       "ti_orderid",    "mkt_term",
    "mkt_content",     "se_category",        "se_action",        "se_label",      "se_property",
    "mkt_clickid",     "refr_domain_userid", "domain_sessionid"};
constexpr std::array<std::string_view, 3> kJsonFields{"contexts", "derived_contexts",
                                                      "unstruct_event"};

constexpr std::array<std::pair<std::string_view, HashFunction>, 6> kHashes{{
    {"MD2", HashFunction::kMd2},
    {"MD5", HashFunction::kMd5},
    {"SHA-1", HashFunction::kSha1},
    {"SHA-256", HashFunction::kSha256},
    {"SHA-384", HashFunction::kSha384},
    {"SHA-512", HashFunction::kSha512},
}};
constexpr std::array<std::string_view, 6> kHashNames{"MD2",     "MD5",     "SHA-1",
                                                     "SHA-256", "SHA-384", "SHA-512"};
/// Longer hashes with a key's name would not fit the columns.
constexpr std::array<std::string_view, 2> kHmacNames{"SHA-256", "SHA-384"};
constexpr std::size_t kKeyIdMax = 16;
constexpr std::size_t kKeyBytesMin = 16;

HashFunction function_of(std::string_view name) {
    const auto* found = std::find_if(kHashes.begin(), kHashes.end(),
                                     [&](const auto& h) { return h.first == name; });
    return found->second;
}

std::optional<PiiSettings::Json> read_json(ConfigReader& json, Strings& errors) {
    const auto field = json.choice("field", kJsonFields);
    const std::string criterion_text = json.text("schemaCriterion");
    const std::string path_text = json.text("jsonPath");
    if (!errors.empty()) return std::nullopt;
    const auto criterion = model::SchemaCriterion::parse(criterion_text);
    if (!criterion) {
        json.wrong("schemaCriterion", "such as iglu:com.acme/user/jsonschema/1-*-*");
        return std::nullopt;
    }
    auto path = JsonPath::parse(path_text);
    if (!path) {
        json.wrong("jsonPath", path.error());
        return std::nullopt;
    }
    return PiiSettings::Json{.field = *field_named(field),
                             .criterion = *criterion,
                             .path = std::move(*path),
                             .path_text = path_text};
}

PiiSettings::Strategy read_hmac(ConfigReader hmac) {
    PiiSettings::Strategy out;
    out.hash_name = hmac.choice("hashFunction", kHmacNames);
    out.function = function_of(out.hash_name);
    out.key_id = hmac.text("keyId");
    out.key = hmac.text("key");
    const bool plain = std::all_of(out.key_id.begin(), out.key_id.end(), [](char c) {
        return text::is_alphanumeric(c) || c == '-' || c == '_';
    });
    if (out.key_id.empty() || out.key_id.size() > kKeyIdMax || !plain) {
        hmac.wrong("keyId", fmt::format("1 to {} letters, digits, - or _", kKeyIdMax));
    }
    if (out.key.size() < kKeyBytesMin) {
        hmac.wrong_secret("key", fmt::format("a text of at least {} bytes", kKeyBytesMin));
    }
    return out;
}

PiiSettings::Strategy read_strategy(ConfigReader strategy) {
    if (auto hmac = strategy.optional_section("hmac")) return read_hmac(*hmac);
    ConfigReader pseudonymize = strategy.section("pseudonymize");
    PiiSettings::Strategy out;
    out.hash_name = pseudonymize.choice("hashFunction", kHashNames);
    out.function = function_of(out.hash_name);
    out.salt = pseudonymize.text("salt");
    return out;
}

}  // namespace

Result<PiiSettings, Strings> PiiSettings::read(const EnrichmentConfig& config) {
    Strings errors;
    PiiSettings out;
    ConfigReader data(config.data, "", errors);
    out.emit = data.flag("emitEvent", false);
    out.anonymous_only = data.flag("anonymousOnly", false);
    ConfigReader parameters(config.parameters, "parameters", errors);
    for (ConfigReader& entry : parameters.sections("pii")) {
        if (auto scalar = entry.optional_section("pojo")) {
            out.scalars.push_back({*field_named(scalar->choice("field", kScalarFields))});
        } else if (auto json = entry.optional_section("json")) {
            Strings own;
            ConfigReader reader(json->value(), entry.path_of("json"), own);
            auto read = read_json(reader, own);
            if (read) out.jsons.push_back(std::move(*read));
            errors.insert(errors.end(), own.begin(), own.end());
        } else {
            entry.wrong("pojo", "one of pojo and json is needed");
        }
    }
    for (const Json& json : out.jsons) {
        auto& fields = out.json_fields;
        if (std::find(fields.begin(), fields.end(), json.field) == fields.end()) {
            fields.push_back(json.field);
        }
    }
    out.strategy = read_strategy(parameters.section("strategy"));
    if (!errors.empty()) return unexpected(std::move(errors));
    return out;
}

}  // namespace snowline::enricher
