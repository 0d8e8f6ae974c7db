// What a topic takes: what its settings say, less what goes around a record, and what it has
// refused.
#include "common/log/kafka/topic_limits.h"

#include <catch2/catch.hpp>

namespace snowline::log::kafka {

TEST_CASE("a topic's setting limits its records and everybody's batches") {
    TopicLimits limits({.request_bytes_max = 1'048'576, .batch_bytes = 1'000'000});
    CHECK(limits.record_bytes_max("good") == 1'048'376);
    CHECK(limits.batch_bytes() == 1'000'000);
    limits.read({{"good", 1'048'588}, {"bad", 100'000}});
    CHECK(limits.record_bytes_max("good") == 1'048'376);
    CHECK(limits.record_bytes_max("bad") == 99'800);
    CHECK(limits.batch_bytes() == 100'000);
    limits.read({{"bad", 2'000'000}});
    CHECK(limits.record_bytes_max("bad") == 1'048'376);
    CHECK(limits.batch_bytes() == 1'000'000);
}

TEST_CASE("where records are compressed only refusals tell what is too large") {
    TopicLimits limits(
        {.request_bytes_max = 1'048'576, .batch_bytes = 1'000'000, .is_compressed = true});
    limits.read({{"good", 100'000}});
    CHECK(limits.record_bytes_max("good") == 1'048'376);
    CHECK(limits.batch_bytes() == 100'000);
    limits.record_refused("good", 300'000);
    CHECK(limits.record_bytes_max("good") == 299'999);
    limits.record_refused("good", 400'000);
    CHECK(limits.record_bytes_max("good") == 299'999);
    // The next one of that size may compress better.
    limits.committed();
    CHECK(limits.record_bytes_max("good") == 1'048'376);
}

TEST_CASE("where records are not compressed a refusal holds over commits") {
    TopicLimits limits({.request_bytes_max = 1'048'576, .batch_bytes = 1'000'000});
    limits.record_refused("good", 300'000);
    limits.committed();
    CHECK(limits.record_bytes_max("good") == 299'999);
}

TEST_CASE("refused batches become smaller until each record is one") {
    TopicLimits limits({.request_bytes_max = 1'048'576, .batch_bytes = 1'000'000});
    limits.batch_refused(40'000);
    CHECK(limits.batch_bytes() == 10'000);
    limits.batch_refused(900'000);
    CHECK(limits.batch_bytes() == 2'500);
    for (int i = 0; i < 10; ++i) limits.batch_refused(2'000);
    CHECK(limits.batch_bytes() == 1);
}

TEST_CASE("a setting that has changed makes refusals of old ones void") {
    TopicLimits limits({.request_bytes_max = 1'048'576, .batch_bytes = 1'000'000});
    limits.read({{"good", 50'000}});
    limits.record_refused("good", 40'000);
    limits.batch_refused(40'000);
    limits.read({{"good", 50'000}});
    CHECK(limits.record_bytes_max("good") == 39'999);
    CHECK(limits.batch_bytes() == 10'000);
    limits.read({{"good", 60'000}});
    CHECK(limits.record_bytes_max("good") == 59'800);
    CHECK(limits.batch_bytes() == 60'000);
}

}  // namespace snowline::log::kafka
