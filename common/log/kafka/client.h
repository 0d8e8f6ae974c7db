#pragma once

#include "common/log/kafka/kafka.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <librdkafka/rdkafka.h>

/// librdkafka's handles, each wrapped once. Only the sources of this folder include this.
namespace snowline::log::kafka {

struct Destroy {
    void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
    void operator()(rd_kafka_conf_t* settings) const { rd_kafka_conf_destroy(settings); }
    void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
    void operator()(rd_kafka_error_t* error) const { rd_kafka_error_destroy(error); }
    void operator()(rd_kafka_topic_partition_list_t* list) const {
        rd_kafka_topic_partition_list_destroy(list);
    }
    void operator()(rd_kafka_consumer_group_metadata_t* group) const {
        rd_kafka_consumer_group_metadata_destroy(group);
    }
    void operator()(const rd_kafka_metadata_t* metadata) const {
        rd_kafka_metadata_destroy(metadata);
    }
    void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
    void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
    void operator()(rd_kafka_AdminOptions_t* options) const {
        rd_kafka_AdminOptions_destroy(options);
    }
    void operator()(rd_kafka_headers_t* headers) const { rd_kafka_headers_destroy(headers); }
    void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
};
template <class T>
using Handle = std::unique_ptr<T, Destroy>;

using Client = Handle<rd_kafka_t>;
using Message = Handle<rd_kafka_message_t>;
using PartitionList = Handle<rd_kafka_topic_partition_list_t>;

Failure failure_of(rd_kafka_resp_err_t code, const std::string& what);
Failure failure_of(const rd_kafka_error_t* error, const std::string& what);

/// Who uses a client, and is told by it. Outlives the client.
class ClientOwner {
public:
    explicit ClientOwner(Reports reports) : reports_(std::move(reports)) {}
    virtual ~ClientOwner() = default;

    /// From now on tokens are fetched as these say; before the client is made.
    void fetch_tokens(OauthSettings settings) { oauth_ = std::move(settings); }
    /// Gives the client a new token, or says why there is none; in librdkafka's own thread.
    void refresh_token(rd_kafka_t* client);

    /// librdkafka's own log lines and connection errors, from any thread.
    void report(const std::string& line) const {
        if (reports_) reports_(line);
    }
    /// The client's own errors, which are reported already; in a thread that polls.
    virtual void failed(rd_kafka_resp_err_t) {}
    /// A message's fate; in a thread that polls or flushes.
    virtual void delivered(const rd_kafka_message_t&) {}
    /// Has to assign or unassign; in the thread that polls.
    virtual void rebalanced(rd_kafka_t*, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*) {}

private:
    Reports reports_;
    OauthSettings oauth_;
    http::Client http_{{.total = std::chrono::seconds(10)}};
};

enum class Callbacks { kNone, kDelivery, kRebalance };

struct ClientOptions {
    rd_kafka_type_t type;
    std::string brokers;
    Settings defaults;  // in librdkafka's names; the user's win
    Settings settings;  // the user's, in any names
    Settings fixed;     // which win over the user's
    Callbacks callbacks = Callbacks::kNone;
};

/// kRefused for a setting that is unknown or wrong, which the message names.
Result<Client, Failure> make_client(const ClientOptions& options, ClientOwner& owner);

int ms(std::chrono::milliseconds time);

Record record_of(const rd_kafka_message_t& message);

enum class Missing { kError, kCreate, kCreateCompacted };

/// Partitions of each topic. kUnknownTopic, with the command that creates it, for a missing one.
Result<std::map<std::string, int>, Failure> find_topics(rd_kafka_t* client,
                                                        const std::vector<std::string>& topics,
                                                        const std::string& brokers, Missing missing,
                                                        std::chrono::milliseconds within);

/// One record to the client's queue; not copied: it must live until it is delivered or the client
/// is gone.
rd_kafka_resp_err_t produce(rd_kafka_t* client, const Record& record, void* opaque);

}  // namespace snowline::log::kafka
