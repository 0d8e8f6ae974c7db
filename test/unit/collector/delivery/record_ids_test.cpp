#include "collector/delivery/record_ids.h"

#include "collector/payload/traceparent.h"

#include <set>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace snowline::collector {

TEST_CASE("ids count from 0 in each partition") {
    RecordIds ids("7b0e5c1e-0d2f-4a53-9f0e-3a8f0c8e1d11");
    CHECK(ids.next(3) == "7b0e5c1e-0d2f-4a53-9f0e-3a8f0c8e1d11:3:0");
    CHECK(ids.next(3) == "7b0e5c1e-0d2f-4a53-9f0e-3a8f0c8e1d11:3:1");
    CHECK(ids.next(0) == "7b0e5c1e-0d2f-4a53-9f0e-3a8f0c8e1d11:0:0");
    CHECK(ids.next(3) == "7b0e5c1e-0d2f-4a53-9f0e-3a8f0c8e1d11:3:2");
}

TEST_CASE("ids of several threads leave no gap and are never the same") {
    RecordIds ids("u");
    std::vector<std::vector<std::string>> made(4);
    std::vector<std::thread> threads;
    for (auto& own : made) {
        threads.emplace_back([&ids, &own] {
            for (int i = 0; i < 500; ++i) own.push_back(ids.next(1));
        });
    }
    for (auto& thread : threads) thread.join();
    std::set<std::string> all;
    for (const auto& own : made) all.insert(own.begin(), own.end());
    CHECK(all.size() == 2000);
    CHECK(all.count("u:1:0") == 1);
    CHECK(all.count("u:1:1999") == 1);
}

TEST_CASE("a traceparent is passed on where it is one") {
    CHECK(is_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    CHECK(is_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"));
    for (const char* wrong : {
             "",
             "00",
             "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
             "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
             "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
             "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
             "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
         }) {
        CAPTURE(wrong);
        CHECK_FALSE(is_traceparent(wrong));
    }
}

}  // namespace snowline::collector
