#include "collector/delivery/stdout_sink.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <utility>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace snowline::collector {
namespace {

using namespace std::chrono_literals;

struct Pipe {
    Pipe() {
        std::signal(SIGPIPE, SIG_IGN);  // as the programs do
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    }
    ~Pipe() {
        close_reader();
        ::close(ends[1]);
    }
    void close_reader() {
        if (ends[0] >= 0) ::close(std::exchange(ends[0], -1));
    }
    std::string read(std::size_t bytes) {
        std::string all;
        std::array<char, 65536> some{};
        while (all.size() < bytes) {
            const ssize_t count = ::read(ends[0], some.data(), some.size());
            if (count <= 0) break;
            all.append(some.data(), static_cast<std::size_t>(count));
        }
        return all;
    }
    std::array<int, 2> ends{-1, -1};
};

struct Reports {
    std::atomic<int> written{0}, failed{0};

    log::DurableProducer::Reported one() {
        return [this](const auto& at) { ++(at ? written : failed); };
    }
    bool wait(int count) const {
        for (int i = 0; i < 2000 && written + failed < count; ++i) std::this_thread::sleep_for(5ms);
        return written + failed == count;
    }
};

}  // namespace

TEST_CASE("what the reader of a pipe does not take is not reported, and nobody waits for it") {
    Pipe pipe;
    Reports reports;
    {
        LineSink sink(pipe.ends[1]);
        const std::string value(30'000, 'x');  // 40,000 bytes a line: the pipe has room for one
        for (int i = 0; i < 5; ++i) sink.send({.topic = "good", .value = value}, reports.one());
        CHECK(reports.wait(1));
        CHECK(reports.written == 1);
        CHECK(sink.queue().records == 4);
        CHECK_FALSE(sink.probe(20ms).has_value());
        CHECK_FALSE(sink.flush(20ms).has_value());

        SECTION("it reads after all") {
            const std::string read = pipe.read(5 * 40'001);
            CHECK(read.size() == 5 * 40'001);
            CHECK(std::count(read.begin(), read.end(), '\n') == 5);
            CHECK(reports.wait(5));
            CHECK(reports.written == 5);
            CHECK(sink.probe(20ms).has_value());
            CHECK(sink.flush(20ms).has_value());
        }
        SECTION("it goes") {
            pipe.close_reader();
            CHECK(reports.wait(5));
            CHECK(reports.failed == 4);
            CHECK_FALSE(sink.probe(20ms).has_value());
        }
        SECTION("the sink ends") {}
    }
    CHECK(reports.written + reports.failed == 5);
}

TEST_CASE("what is more than may wait for the reader is refused at once") {
    Pipe pipe;
    Reports reports, refused;
    LineSink sink(pipe.ends[1]);
    const std::string value(std::size_t{20} << 20, 'x');  // 27 MiB a line
    for (int i = 0; i < 2; ++i) sink.send({.topic = "good", .value = value}, reports.one());
    sink.send({.topic = "good", .value = value}, refused.one());
    CHECK(refused.failed == 1);
    CHECK(sink.queue().records == 2);
}

}  // namespace snowline::collector
