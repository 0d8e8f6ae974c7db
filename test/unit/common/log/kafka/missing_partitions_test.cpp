// Partitions that were assigned and were not there: which, and when they are looked for again.
#include "common/log/kafka/missing_partitions.h"

#include <catch2/catch.hpp>

namespace snowline::log::kafka {
namespace {

using namespace std::chrono_literals;
const MissingPartitions::Time kNow = MissingPartitions::Time{} + 1h;

}  // namespace

TEST_CASE("a partition that a broker had not heard of is looked for until it is there") {
    MissingPartitions missing;
    missing.begin(kNow);
    CHECK_FALSE(missing.is_missing({"raw", 2}, {{"raw", 3}}));
    CHECK_FALSE(missing.is_missing({"other", 2}, {{"raw", 3}}));
    CHECK_FALSE(missing.is_due(kNow + 1h));  // none is missing
    CHECK(missing.is_missing({"raw", 3}, {{"raw", 3}}));
    CHECK(missing.is_missing({"raw", 5}, {{"raw", 3}}));

    CHECK_FALSE(missing.is_due(kNow + 4999ms));
    CHECK(missing.is_due(kNow + 5s));
    missing.asked_in_vain(kNow + 5s);
    CHECK_FALSE(missing.is_due(kNow + 9s));
    CHECK_FALSE(missing.have_come({{"raw", 3}}, kNow + 10s));
    CHECK_FALSE(missing.is_due(kNow + 14s));
    CHECK(missing.is_due(kNow + 15s));
    CHECK(missing.have_come({{"raw", 4}}, kNow + 15s));
}

TEST_CASE("a new assignment forgets what was missing of the last one") {
    MissingPartitions missing;
    missing.begin(kNow);
    CHECK(missing.is_missing({"raw", 3}, {{"raw", 3}}));
    missing.begin(kNow + 1s);
    CHECK_FALSE(missing.is_due(kNow + 1h));
    CHECK_FALSE(missing.have_come({{"raw", 6}}, kNow + 1h));
}

}  // namespace snowline::log::kafka
