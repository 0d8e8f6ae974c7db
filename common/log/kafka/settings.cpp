#include "common/log/kafka/settings.h"

#include "common/log/kafka/config_providers.h"
#include "common/text/ascii.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace snowline::log::kafka {
namespace {

enum class Kind {
    kRename,
    kKilobytes,  // bytes to librdkafka's kilobytes
    kOurs,       // decided by the promises of the log
    kNone,       // means nothing outside the Java clients
};

struct Name {
    std::string_view java;
    Kind kind;
    std::string_view ours;       // the name, or why it has no effect
    std::string_view same = {};  // the value (lower case) that is so anyway, and needs no warning
};

constexpr std::string_view kNoWait = "sending never blocks here";
constexpr std::string_view kJava = "it is about the Java client";
constexpr std::string_view kOauthHandler =
    "org.apache.kafka.common.security.oauthbearer.oauthbearerlogincallbackhandler";
constexpr std::string_view kExactlyOnce = "it is decided by exactly-once delivery";

// Names that both have, with the same meaning, are not listed.
constexpr Name kNames[] = {
    {"acks", Kind::kOurs, "it is always all", "all"},
    {"enable.idempotence", Kind::kOurs, "it is always true", "true"},
    {"max.in.flight.requests.per.connection", Kind::kOurs, kExactlyOnce},
    {"retries", Kind::kOurs, "records are sent again until they are written"},
    {"partitioner.class", Kind::kOurs, "keys are placed by murmur2"},
    {"partitioner.ignore.keys", Kind::kOurs, "keys are placed by murmur2"},
    {"transactional.id", Kind::kOurs, kExactlyOnce},
    {"transaction.timeout.ms", Kind::kOurs, kExactlyOnce},
    {"enable.auto.commit", Kind::kOurs, kExactlyOnce, "false"},
    {"auto.commit.interval.ms", Kind::kOurs, kExactlyOnce},
    {"isolation.level", Kind::kOurs, "it is always read_committed", "read_committed"},
    {"auto.offset.reset", Kind::kOurs, "a new group begins with the oldest records", "earliest"},
    {"partition.assignment.strategy", Kind::kOurs, "it is always range"},
    {"group.instance.id", Kind::kOurs, "snowline.instance sets it"},
    {"check.crcs", Kind::kOurs, "it is always true", "true"},

    {"buffer.memory", Kind::kKilobytes, "queue.buffering.max.kbytes"},
    {"max.request.size", Kind::kRename, "message.max.bytes"},
    {"fetch.max.wait.ms", Kind::kRename, "fetch.wait.max.ms"},
    {"send.buffer.bytes", Kind::kRename, "socket.send.buffer.bytes"},
    {"receive.buffer.bytes", Kind::kRename, "socket.receive.buffer.bytes"},
    {"ssl.truststore.certificates", Kind::kRename, "ssl.ca.pem"},
    {"ssl.keystore.certificate.chain", Kind::kRename, "ssl.certificate.pem"},
    {"ssl.keystore.key", Kind::kRename, "ssl.key.pem"},
    {"socket.connection.setup.timeout.max.ms", Kind::kNone, kJava},

    {"batch.num.messages.max", Kind::kNone, kJava},
    {"config.providers", Kind::kNone, "file, directory and env are always there"},
    {"config.providers.directory.class", Kind::kNone, kJava},
    {"config.providers.env.class", Kind::kNone, kJava},
    {"config.providers.file.class", Kind::kNone, kJava},
    {"client.dns.lookup", Kind::kNone, kJava},
    {"compression.gzip.level", Kind::kNone, kJava},
    {"default.api.timeout.ms", Kind::kNone, kJava},
    {"exclude.internal.topics", Kind::kNone, kJava},
    {"interceptor.classes", Kind::kNone, kJava},
    {"key.deserializer", Kind::kNone, kJava},
    {"key.serializer", Kind::kNone, kJava},
    {"max.block.ms", Kind::kNone, kNoWait},
    {"max.poll.records", Kind::kNone, "batches are bounded by the enricher"},
    {"metric.reporters", Kind::kNone, kJava},
    {"metrics.num.samples", Kind::kNone, kJava},
    {"metrics.recording.level", Kind::kNone, kJava},
    {"metrics.sample.window.ms", Kind::kNone, kJava},
    {"sasl.login.callback.handler.class", Kind::kNone, kJava, kOauthHandler},
    {"sasl.oauthbearer.method", Kind::kNone, "tokens are fetched here", "oidc"},
    {"security.providers", Kind::kNone, kJava},
    {"ssl.keymanager.algorithm", Kind::kNone, kJava},
    {"ssl.keystore.type", Kind::kNone, kJava},
    {"ssl.protocol", Kind::kNone, kJava},
    {"ssl.enabled.protocols", Kind::kNone, kJava},
    {"ssl.trustmanager.algorithm", Kind::kNone, kJava},
    {"value.deserializer", Kind::kNone, kJava},
    {"value.serializer", Kind::kNone, kJava},
};

Failure refused(const std::string& message) {
    return {.reason = Reason::kRefused, .message = message};
}

/// The options of a JAAS line: `name="value"`, with quotes of either kind or none.
Settings jaas_options(std::string_view line) {
    Settings out;
    while (true) {
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) return out;
        const auto space = line.substr(0, equals).find_last_of(" \t\n");
        const auto begin = space == std::string_view::npos ? 0 : space + 1;
        const std::string name(line.substr(begin, equals - begin));
        line.remove_prefix(equals + 1);
        const char quote = !line.empty() && (line[0] == '"' || line[0] == '\'') ? line[0] : '\0';
        const std::string_view ends =
            quote == '\0' ? std::string_view(" \t\n;") : line.substr(0, 1);
        std::size_t i = quote == '\0' ? 0 : 1;
        std::string value;
        for (; i < line.size() && ends.find(line[i]) == std::string_view::npos; ++i) {
            if (line[i] == '\\' && i + 1 < line.size()) ++i;
            value += line[i];
        }
        out[name] = std::move(value);
        line.remove_prefix(std::min(i + 1, line.size()));
    }
}

Result<void, Failure> translate_jaas(const std::string& line, TranslatedSettings& to) {
    Settings options = jaas_options(line);
    if (line.find("OAuthBearerLoginModule") != std::string::npos) {
        if (!to.oauth) to.oauth.emplace();
        if (options.contains("clientId")) to.oauth->client_id = options["clientId"];
        if (options.contains("clientSecret")) to.oauth->client_secret = options["clientSecret"];
        if (options.contains("scope")) to.oauth->scope = options["scope"];
        return {};
    }
    if (!options.contains("username") || !options.contains("password")) {
        return unexpected(refused(
            "sasl.jaas.config: only login modules with username=\"…\" and password=\"…\" (PLAIN, "
            "SCRAM-SHA-256, SCRAM-SHA-512) or clientId=\"…\" and clientSecret=\"…\" (OAUTHBEARER) "
            "are understood"));
    }
    to.values["sasl.username"] = options["username"];
    to.values["sasl.password"] = options["password"];
    return {};
}

struct OauthName {
    std::string_view name;
    std::string OauthSettings::*field;
};
/// In the Java clients' names, those of Kafka 4.1, and librdkafka's.
constexpr OauthName kOauthNames[] = {
    {"sasl.oauthbearer.token.endpoint.url", &OauthSettings::endpoint},
    {"sasl.oauthbearer.client.credentials.client.id", &OauthSettings::client_id},
    {"sasl.oauthbearer.client.credentials.client.secret", &OauthSettings::client_secret},
    {"sasl.oauthbearer.client.id", &OauthSettings::client_id},
    {"sasl.oauthbearer.client.secret", &OauthSettings::client_secret},
    {"sasl.oauthbearer.scope", &OauthSettings::scope},
    {"sasl.oauthbearer.token.command", &OauthSettings::command},  // ours
};

bool is_oauth(const Settings& values) {
    for (const char* name : {"sasl.mechanism", "sasl.mechanisms"}) {
        const auto found = values.find(name);
        if (found != values.end() && text::to_lower(found->second) == "oauthbearer") return true;
    }
    return false;
}

/// Tokens are wanted where the mechanism is OAUTHBEARER, and nowhere else.
Result<void, Failure> check_oauth(TranslatedSettings& to) {
    const bool has_own = to.values.contains("sasl.oauthbearer.config");  // librdkafka's, for tests
    if (!is_oauth(to.values) || has_own) {
        to.oauth.reset();
        return {};
    }
    const bool by_client = to.oauth && !to.oauth->endpoint.empty() && !to.oauth->client_id.empty();
    if (by_client || (to.oauth && !to.oauth->command.empty())) return {};
    return unexpected(refused(
        "sasl.mechanism = OAUTHBEARER needs sasl.oauthbearer.token.endpoint.url and clientId "
        "and clientSecret in sasl.jaas.config, or sasl.oauthbearer.token.command"));
}

/// PEM: certificates and key in one file. PKCS12 is read by librdkafka.
void translate_key_store(const Settings& java, const std::string& location, Settings& values) {
    const auto type = java.find("ssl.keystore.type");
    if (type == java.end() || text::to_lower(type->second) != "pem") {
        values["ssl.keystore.location"] = location;
        return;
    }
    values["ssl.certificate.location"] = location;
    values["ssl.key.location"] = location;
}

Result<void, Failure> translate_trust_store(const Settings& java, const std::string& location,
                                            Settings& values) {
    const auto type = java.find("ssl.truststore.type");
    if (type == java.end() || text::to_lower(type->second) != "pem") {
        return unexpected(
            refused("ssl.truststore.location: only PEM files are read (ssl.truststore.type = PEM); "
                    "keytool -exportcert -rfc makes one of a Java key store"));
    }
    values["ssl.ca.location"] = location;
    return {};
}

Result<std::string, Failure> kilobytes(const std::string& name, const std::string& bytes) {
    std::uint64_t number = 0;
    const char* const end = bytes.data() + bytes.size();
    const auto [rest, error] = std::from_chars(bytes.data(), end, number);
    if (error != std::errc() || rest != end) {
        return unexpected(refused(name + ": not a number of bytes: " + bytes));
    }
    return std::to_string(std::max<std::uint64_t>(number / 1024, 1));
}

Result<void, Failure> translate_one(const Settings& java, const std::string& name,
                                    const std::string& value, TranslatedSettings& to) {
    if (name == "sasl.jaas.config") return translate_jaas(value, to);
    const auto oauth = std::find_if(std::begin(kOauthNames), std::end(kOauthNames),
                                    [&](const OauthName& entry) { return entry.name == name; });
    if (oauth != std::end(kOauthNames)) {
        if (!to.oauth) to.oauth.emplace();
        (*to.oauth).*(oauth->field) = value;
        return {};
    }
    if (name == "ssl.keystore.location") {
        translate_key_store(java, value, to.values);
        return {};
    }
    if (name == "ssl.truststore.location") return translate_trust_store(java, value, to.values);
    if (name == "ssl.truststore.type" || name == "ssl.truststore.password") return {};
    if (name == "ssl.endpoint.identification.algorithm") {
        to.values[name] =
            value.empty() ? "none" : text::to_lower(value);  // Java: "" switches it off
        return {};
    }
    const auto known = std::find_if(std::begin(kNames), std::end(kNames),
                                    [&](const Name& entry) { return entry.java == name; });
    if (known == std::end(kNames)) {
        to.values[name] = value;
        return {};
    }
    switch (known->kind) {
        case Kind::kRename:
            to.values[std::string(known->ours)] = value;
            return {};
        case Kind::kKilobytes: {
            const auto number = kilobytes(name, value);
            if (!number) return unexpected(number.error());
            to.values[std::string(known->ours)] = *number;
            return {};
        }
        case Kind::kOurs:
        case Kind::kNone:
            if (!known->same.empty() && text::to_lower(value) == known->same) return {};
            to.warnings.push_back(name + " has no effect: " + std::string(known->ours));
            return {};
    }
    return {};
}

}  // namespace

Result<TranslatedSettings, Failure> translate(const Settings& given) {
    Settings java;
    for (const auto& [name, value] : given) {
        const auto expanded = expand_providers(value);
        if (!expanded) return unexpected(refused(name + ": " + expanded.error()));
        java[name] = *expanded;
    }
    TranslatedSettings to;
    for (const auto& [name, value] : java) {
        if (auto done = translate_one(java, name, value, to); !done) {
            return unexpected(done.error());
        }
    }
    if (auto done = check_oauth(to); !done) return unexpected(done.error());
    return to;
}

}  // namespace snowline::log::kafka
