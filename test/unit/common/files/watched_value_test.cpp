#include "common/files/watched_value.h"

#include "common/periodic_thread.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include <catch2/catch.hpp>

using namespace snowline;

TEST_CASE("a reader keeps the value that it has taken, and the next one gets the newest") {
    files::WatchedValue<const int> value(std::make_shared<const int>(1));
    const auto before = value.current();
    const auto version = value.version();
    value.replace(std::make_shared<const int>(2));
    CHECK(*before == 1);
    CHECK(*value.current() == 2);
    CHECK(value.version() == version + 1);
    CHECK(*value.current_with_version().first == 2);
    CHECK(value.current_with_version().second == version + 1);
}

TEST_CASE("a periodic thread works again and again, and stops without waiting for its period") {
    std::atomic<int> calls = 0;
    {
        PeriodicThread thread(std::chrono::milliseconds(1), [&] { ++calls; });
        while (calls < 3) std::this_thread::yield();
        thread = PeriodicThread(std::chrono::hours(24), [&] { calls = -1; });
    }
    CHECK(calls >= 3);
}
