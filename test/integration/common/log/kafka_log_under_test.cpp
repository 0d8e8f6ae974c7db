#include "common/log/kafka/kafka.h"
#include "test/integration/common/log/log_under_test.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <catch2/catch.hpp>
#include <unistd.h>

namespace snowline::log::test {
namespace {

class KafkaLog final : public LogUnderTest {
public:
    explicit KafkaLog(std::string brokers) : brokers_(std::move(brokers)) {}

    std::string name() const override { return "kafka"; }
    std::string new_topic() override {
        // Topics stay on the broker: their names are never used again.
        static int count = 0;
        const auto now = std::chrono::system_clock::now().time_since_epoch().count();
        topics_.push_back("contract-" + std::to_string(::getpid()) + "-" + std::to_string(now) +
                          "-" + std::to_string(++count));
        return topics_.back();
    }
    std::unique_ptr<DurableProducer> producer() override {
        return take(kafka::open_producer(options_for(topics_)));
    }
    std::unique_ptr<GroupMember> join_group(const std::string& input_topic) override {
        return take(kafka::join_group({.input = options_for({input_topic}),
                                       .outputs = topics_,
                                       .group = "group-of-" + input_topic,
                                       .instance = "contract"}));
    }
    Result<std::unique_ptr<Reader>, Failure> try_reader(const Range& range) override {
        return kafka::open_reader(options_for({}), range);
    }

private:
    kafka::Options options_for(const std::vector<std::string>& topics) const {
        return {.brokers = brokers_, .topics = topics, .create_topics = true};
    }

    template <class T>
    static T take(Result<T, Failure> opened) {
        if (!opened) FAIL(opened.error().message);
        return std::move(*opened);
    }

    std::string brokers_;
    std::vector<std::string> topics_;
};

}  // namespace

std::unique_ptr<LogUnderTest> kafka_log() {
    const char* brokers = std::getenv("SNOWLINE_KAFKA");
    if (brokers) return std::make_unique<KafkaLog>(brokers);
    static bool said = false;
    if (!std::exchange(said, true)) {
        std::fprintf(stderr,
                     "skipped on Kafka: set SNOWLINE_KAFKA=host:port (script/kafka start)\n");
    }
    return nullptr;
}

}  // namespace snowline::log::test
