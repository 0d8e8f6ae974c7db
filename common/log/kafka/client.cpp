#include "common/log/kafka/client.h"

#include "common/clock.h"

#include <array>

namespace snowline::log::kafka {
namespace {

Reason reason_of(rd_kafka_resp_err_t code) {
    switch (code) {
        case RD_KAFKA_RESP_ERR__QUEUE_FULL:
            return Reason::kQueueFull;
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
        case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
            return Reason::kTooLarge;
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
            return Reason::kUnknownTopic;
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            return Reason::kUnknownPartition;
        case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
            return Reason::kTimestamp;
        case RD_KAFKA_RESP_ERR__AUTHENTICATION:
        case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR__SSL:
        case RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE:  // offset.metadata.max.bytes is too low
            return Reason::kRefused;
        case RD_KAFKA_RESP_ERR__FENCED:
        case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
        case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
        case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
            return Reason::kFenced;
        case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
        case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
        case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
            return Reason::kStale;
        case RD_KAFKA_RESP_ERR__FATAL:
            return Reason::kBroken;
        default:
            return Reason::kUnavailable;
    }
}

// Of all partitions together. Once either is reached librdkafka 2.0.2 does not fetch for up to a
// second, whatever is taken meanwhile: with less than what is taken in a second, reading stands
// still again and again. Its own 100,000 messages take too much memory.
const Settings kFetchAhead{
    {"queued.min.messages", "40000"},
    {"queued.max.messages.kbytes", "65536"},
};

ClientOwner* owner_of(const rd_kafka_t* client) {
    return static_cast<ClientOwner*>(rd_kafka_opaque(client));
}

void on_log(const rd_kafka_t* client, int, const char* facility, const char* text) {
    owner_of(client)->report(std::string("kafka ") + facility + ": " + text);
}

/// librdkafka before 2.6.1 builds a proof that brokers of Kafka 4.0 and later refuse.
constexpr int kScramMended = 0x020601ff;

void on_error(rd_kafka_t* client, int code, const char* reason, void*) {
    const char* name = rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(code));
    std::string line = std::string("kafka: ") + name + ": " + reason;
    const bool is_scram = line.find("SASL mechanism SCRAM") != std::string::npos;
    if (is_scram && rd_kafka_version() < kScramMended) {
        line += std::string("; if user and password are right: this librdkafka (") +
                rd_kafka_version_str() +
                ") cannot do SCRAM with brokers of Kafka 4.0 and later, librdkafka 2.6.1 can";
    }
    owner_of(client)->report(line);
    owner_of(client)->failed(static_cast<rd_kafka_resp_err_t>(code));
}

void on_delivered(rd_kafka_t* client, const rd_kafka_message_t* message, void*) {
    owner_of(client)->delivered(*message);
}

void on_rebalanced(rd_kafka_t* client, rd_kafka_resp_err_t code,
                   rd_kafka_topic_partition_list_t* partitions, void*) {
    owner_of(client)->rebalanced(client, code, partitions);
}

void on_token_wanted(rd_kafka_t* client, const char*, void*) {
    owner_of(client)->refresh_token(client);
}

/// librdkafka asks for tokens in a thread of its own, whether or not somebody polls.
void ask_for_tokens(rd_kafka_conf_t* conf) {
    rd_kafka_conf_enable_sasl_queue(conf, 1);
    rd_kafka_conf_set_oauthbearer_token_refresh_cb(conf, on_token_wanted);
}

Result<void, Failure> set_all(rd_kafka_conf_t* conf, const Settings& settings) {
    std::array<char, 512> error{};
    for (const auto& [name, value] : settings) {
        const auto result =
            rd_kafka_conf_set(conf, name.c_str(), value.c_str(), error.data(), error.size());
        if (result == RD_KAFKA_CONF_OK) continue;
        const std::string why =
            result == RD_KAFKA_CONF_UNKNOWN
                ? name + ": neither Kafka's Java clients nor librdkafka have this setting"
                : name + ": " + error.data();
        return unexpected(Failure{Reason::kRefused, why});
    }
    return {};
}

}  // namespace

void ClientOwner::refresh_token(rd_kafka_t* client) {
    const auto token = fetch_token(oauth_, http_, now_ms());
    std::array<char, 512> error{};
    if (token && rd_kafka_oauthbearer_set_token(client, token->value.c_str(), token->expires_ms,
                                                token->principal.c_str(), nullptr, 0, error.data(),
                                                error.size()) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return;
    }
    const std::string why = token ? "the token is none that Kafka takes" : token.error();
    report("kafka: no token for SASL/OAUTHBEARER: " + why);
    rd_kafka_oauthbearer_set_token_failure(client, why.c_str());
}

int ms(std::chrono::milliseconds time) {
    return static_cast<int>(time.count());
}

Failure failure_of(rd_kafka_resp_err_t code, const std::string& what) {
    return {.reason = reason_of(code), .message = what + ": " + rd_kafka_err2str(code)};
}

Failure failure_of(const rd_kafka_error_t* error, const std::string& what) {
    const auto code = rd_kafka_error_code(error);
    return {.reason = reason_of(code), .message = what + ": " + rd_kafka_error_string(error)};
}

Result<Client, Failure> make_client(const ClientOptions& options, ClientOwner& owner) {
    const auto translated = translate(options.settings);
    if (!translated) return unexpected(translated.error());
    for (const std::string& warning : translated->warnings) owner.report("kafka: " + warning);
    Settings all = options.defaults;
    if (options.type == RD_KAFKA_CONSUMER) all.insert(kFetchAhead.begin(), kFetchAhead.end());
    all["bootstrap.servers"] = options.brokers;
    for (const auto& [name, value] : translated->values) all[name] = value;
    for (const auto& [name, value] : options.fixed) all[name] = value;

    Handle<rd_kafka_conf_t> conf(rd_kafka_conf_new());
    if (auto done = set_all(conf.get(), all); !done) return unexpected(done.error());
    rd_kafka_conf_set_opaque(conf.get(), &owner);
    rd_kafka_conf_set_log_cb(conf.get(), on_log);
    rd_kafka_conf_set_error_cb(conf.get(), on_error);
    if (options.callbacks == Callbacks::kDelivery) {
        rd_kafka_conf_set_dr_msg_cb(conf.get(), on_delivered);
    } else if (options.callbacks == Callbacks::kRebalance) {
        rd_kafka_conf_set_rebalance_cb(conf.get(), on_rebalanced);
    }
    if (translated->oauth) {
        owner.fetch_tokens(*translated->oauth);
        ask_for_tokens(conf.get());
    }
    std::array<char, 512> error{};
    Client client(rd_kafka_new(options.type, conf.get(), error.data(), error.size()));
    if (!client) return unexpected(Failure{Reason::kRefused, error.data()});
    (void)conf.release();  // the client's now
    if (translated->oauth) {
        const Handle<rd_kafka_error_t> failed(
            rd_kafka_sasl_background_callbacks_enable(client.get()));
        if (failed) return unexpected(failure_of(failed.get(), "SASL/OAUTHBEARER"));
    }
    return client;
}

}  // namespace snowline::log::kafka
