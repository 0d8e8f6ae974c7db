#include "iglu/validate/shared_regex.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace snowline::iglu::validate {
namespace {

TEST_CASE("the same pattern is compiled once while somebody uses it") {
    auto first = shared_regex("^shared [0-9]+$");
    REQUIRE(first.has_value());
    CHECK(shared_regex("^shared [0-9]+$").value() == *first);
    CHECK(shared_regex("^shared [0-9]*$").value() != *first);
    const std::weak_ptr<const text::JavaRegex> watched = *first;
    first->reset();
    CHECK(watched.expired());
    CHECK(shared_regex("^shared [0-9]+$").value()->find("shared 7") ==
          text::JavaRegex::Outcome::kYes);
}

TEST_CASE("patterns that come and go leave those in use alone") {
    const auto kept = shared_regex("^kept$").value();
    for (int i = 0; i < 2'000; ++i) REQUIRE(shared_regex("^" + std::to_string(i) + "$"));
    CHECK(shared_regex("^kept$").value() == kept);
}

TEST_CASE("what is no pattern is an error each time") {
    CHECK_FALSE(shared_regex("[").has_value());
    CHECK_FALSE(shared_regex("[").has_value());
}

}  // namespace
}  // namespace snowline::iglu::validate
