#include "common/log/spool/number_set.h"

#include <random>
#include <set>

#include <catch2/catch.hpp>

namespace snowline::log::spool {

TEST_CASE("a set of numbers does what std::set does, whatever the order") {
    std::mt19937 random(7);
    NumberSet numbers;
    std::set<std::int64_t> expected;
    for (int i = 0; i < 20'000; ++i) {
        const auto number = static_cast<std::int64_t>(random() % 200);
        if (random() % 2 == 0) {
            REQUIRE(numbers.insert(number) == expected.insert(number).second);
        } else {
            REQUIRE(numbers.erase(number) == (expected.erase(number) == 1));
        }
        REQUIRE(numbers.size() == expected.size());
    }
    for (std::int64_t number = 0; number < 200; ++number) {
        CHECK(numbers.contains(number) == expected.contains(number));
    }
    for (const std::int64_t number : expected) CHECK(numbers.take_first() == number);
    CHECK(numbers.empty());
    CHECK(numbers.take_first() == std::nullopt);
}

TEST_CASE("one set is added to another, behind it and between") {
    NumberSet numbers, other;
    for (const std::int64_t number : {1, 2, 5, 9}) numbers.insert(number);
    for (const std::int64_t number : {3, 7, 10, 20, 21}) other.insert(number);
    numbers.add(other);
    CHECK(numbers.size() == 9);
    for (const std::int64_t number : {1, 2, 3, 5, 7, 9, 10, 20, 21}) {
        CHECK(numbers.take_first() == number);
    }
}

}  // namespace snowline::log::spool
