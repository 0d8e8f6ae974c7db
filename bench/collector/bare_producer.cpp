// librdkafka and nothing else, with the collector's settings: records at a steady rate, and the
// time from when each was due to its report.
//
//   bench_bare_producer BROKERS TOPIC RATE SECONDS BYTES
#include "bench/collector/percentiles.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

#include <librdkafka/rdkafka.h>
#include <sys/resource.h>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kTick{1};

std::vector<double> ms;
std::uint64_t failed = 0;

void on_delivered(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    const Clock::time_point due{
        Clock::duration{reinterpret_cast<std::intptr_t>(message->_private)}};
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        ++failed;
        return;
    }
    ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - due).count());
}

rd_kafka_t* open(const std::string& brokers) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    const std::pair<const char*, std::string> settings[] = {{"bootstrap.servers", brokers},
                                                            {"acks", "all"},
                                                            {"enable.idempotence", "true"},
                                                            {"linger.ms", "10"},
                                                            {"socket.nagle.disable", "true"}};
    char error[512];
    for (const auto& [name, value] : settings) {
        if (rd_kafka_conf_set(conf, name, value.c_str(), error, sizeof error) != RD_KAFKA_CONF_OK) {
            std::fprintf(stderr, "%s\n", error);
            std::exit(1);
        }
    }
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivered);
    rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    if (client == nullptr) std::exit(1);
    return client;
}

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count != 6) {
        return std::fprintf(stderr,
                            "usage: bench_bare_producer BROKERS TOPIC RATE SECONDS BYTES\n"),
               2;
    }
    rd_kafka_t* client = open(arguments[1]);
    const double rate = std::atof(arguments[3]), seconds = std::atof(arguments[4]);
    const std::string value(static_cast<std::size_t>(std::atoi(arguments[5])), 'x');
    const rd_kafka_metadata_t* metadata = nullptr;
    if (rd_kafka_metadata(client, 1, nullptr, &metadata, 10'000) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_metadata_destroy(metadata);
    }
    rd_kafka_topic_t* topic = rd_kafka_topic_new(client, arguments[2], nullptr);
    std::atomic<bool> ended = false;
    std::thread reports([&] {
        while (!ended) rd_kafka_poll(client, 100);
    });
    const double cpu_before = cpu_seconds();
    const auto began = Clock::now();
    const auto count = static_cast<std::uint64_t>(rate * seconds);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto due = began + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(static_cast<double>(i) / rate));
        // A tick for several: falling asleep and waking up costs more than a record does.
        if (due > Clock::now()) std::this_thread::sleep_until(due + kTick);
        rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
                         const_cast<char*>(value.data()), value.size(), nullptr, 0,
                         reinterpret_cast<void*>(due.time_since_epoch().count()));
    }
    rd_kafka_flush(client, 20'000);
    const double took = std::chrono::duration<double>(Clock::now() - began).count();
    ended = true;
    reports.join();
    while (rd_kafka_poll(client, 0) > 0) {
    }
    std::string line = snowline::bench::percentiles_json(ms, took);
    line.insert(1, "\"cpu_s\":" + std::to_string(cpu_seconds() - cpu_before) + ",");
    std::cout << line << "\n";
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(client);
    return failed > 0 || ms.size() < count ? 1 : 0;
}
