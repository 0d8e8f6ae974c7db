#include "common/work_limit.h"

#include <catch2/catch.hpp>

namespace snowline {

using namespace std::chrono_literals;

TEST_CASE("work is over once it has used its time, and stays so") {
    WorkLimit limit(1ms);
    limit.go_on();
    std::size_t asked = 0;
    while (!limit.is_over() && asked < 1'000'000'000) ++asked;
    CHECK(limit.over() == WorkLimit::Over::kTime);
    CHECK(limit.used() > 1ms);
    limit.pause();
    limit.go_on();
    CHECK(limit.is_over());
}

TEST_CASE("what is within its time is not over, however often it goes on") {
    WorkLimit limit(24h);
    for (int i = 0; i < 100; ++i) {
        limit.go_on();
        CHECK_FALSE(limit.is_over());
        limit.pause();
    }
    CHECK(limit.over() == WorkLimit::Over::kNo);
}

TEST_CASE("another thread's word is heard where work takes long") {
    std::atomic<bool> interrupted = true;
    WorkLimit limit(0ms, &interrupted);
    limit.go_on();
    CHECK(limit.is_over());
    CHECK(limit.over() == WorkLimit::Over::kInterrupted);
}

}  // namespace snowline
