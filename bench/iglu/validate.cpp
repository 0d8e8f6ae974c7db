// What a validation costs. Schemas are compiled and instances parsed before; FOLDER holds
// `schemas/` (Iglu Central), INSTANCES has lines of {"schema_uri": …, "instance": …}.
//   validate time FOLDER INSTANCES             CPU ns of each line, ours and plain valijson's
//   validate run FOLDER INSTANCES N WHO TIMES  line N, WHO is ours or valijson, TIMES over: to
//                                              count instructions
//   validate many FOLDER INSTANCES COUNT USE   memory and time with COUNT schemas in use, USE is
//                                              in-turn or zipf
//   validate many FOLDER INSTANCES COUNT USE TIMES   no output: to count instructions
//   validate events FOLDER INSTANCES ROUNDS    CPU ns of the enricher's core an event, with 10 to
//                                              10,000 schemas in use
#include "bench/enricher/many_schemas.h"
#include "bench/iglu/many_schemas.h"
#include "bench/iglu/valijson_baseline.h"
#include "common/json/arena.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "iglu/validate/validator.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <time.h>

namespace {

using namespace snowline;

struct Case {
    std::string uri, schema, instance;
};

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Case> read_cases(const std::string& folder, const std::string& instances) {
    std::vector<Case> cases;
    std::ifstream lines(instances);
    for (std::string line; std::getline(lines, line);) {
        json::Arena arena;
        const json::Value value = json::parse(line, arena).value();
        const std::string uri(value.find("schema_uri")->text());
        cases.push_back({uri, read_file(folder + "/schemas/" + uri.substr(5)),
                         json::print(*value.find("instance"))});
    }
    return cases;
}

/// Ours, ready to run.
struct Ours {
    json::Arena arena;
    std::shared_ptr<const iglu::validate::CompiledSchema> schema;
    json::Value instance;

    Ours(const Case& c) {
        json::Arena of_schema;
        schema = iglu::validate::compile(json::parse(c.schema, of_schema).value()).value();
        instance = json::parse(c.instance, arena).value();
    }
    bool is_valid() const { return iglu::validate::is_valid(*schema, instance); }
};

double cpu_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

template <class Call>
double best_ns(Call call) {
    double best = 1e18;
    for (int round = 0; round < 5; ++round) {
        int times = 1;
        for (double spent = 0; spent < 5e7; times *= 2) {
            const double begin = cpu_ns();
            for (int i = 0; i < times; ++i) {
                if (!call()) std::abort();
            }
            spent = cpu_ns() - begin;
            if (spent > 1e7) best = std::min(best, spent / times);
        }
    }
    return best;
}

void time_all(const std::vector<Case>& cases) {
    for (const Case& c : cases) {
        const Ours ours(c);
        // valijson does not know Iglu's `$schema`, and needs not.
        ValijsonBaseline valijson(c.schema, c.instance);
        const double a = best_ns([&] { return ours.is_valid(); });
        const double b = best_ns([&] { return valijson.is_valid(); });
        std::printf("%s %.0f %.0f\n", c.uri.c_str(), a, b);
    }
}

void run_one(const Case& c, const std::string& who, int times) {
    if (who == "ours") {
        const Ours ours(c);
        for (int i = 0; i < times; ++i) {
            if (!ours.is_valid()) std::abort();
        }
    } else {
        ValijsonBaseline valijson(c.schema, c.instance);
        for (int i = 0; i < times; ++i) {
            if (!valijson.is_valid()) std::abort();
        }
    }
}

// payload_data is the envelope of all events: of such schemas a pipeline has one.
std::vector<ManySchemas::Kind> kinds_of(const std::vector<Case>& cases) {
    std::vector<ManySchemas::Kind> kinds;
    for (const Case& c : cases) {
        if (c.uri.find("/payload_data/") == std::string::npos) {
            kinds.push_back({c.schema, c.instance});
        }
    }
    return kinds;
}

ManySchemas::Use use_of(std::string_view name) {
    return name == "zipf" ? ManySchemas::Use::kZipf : ManySchemas::Use::kInTurn;
}

void time_many(const std::vector<Case>& cases, std::size_t count, ManySchemas::Use use) {
    constexpr std::size_t kEntities = 500'000;
    ManySchemas many(kinds_of(cases), count, use);
    double best = 1e18;
    for (int round = 0; round < 5; ++round) {
        const double begin = cpu_ns();
        many.check(kEntities);
        best = std::min(best, (cpu_ns() - begin) / kEntities);
    }
    std::printf("%zu %.0f %.1f\n", count, best, static_cast<double>(many.bytes_each()) / 1024);
}

/// Rounds take turns, so that all see the same machine.
void time_events(const std::vector<Case>& cases, int rounds) {
    constexpr std::size_t kEvents = 10'000;
    std::vector<EventsOfManySchemas::Kind> kinds;
    for (auto& kind : kinds_of(cases)) kinds.push_back({kind.schema, kind.instance});
    const std::vector<std::size_t> counts{10, 100, 1'000, 10'000};
    std::vector<std::unique_ptr<EventsOfManySchemas>> all;
    for (const std::size_t count : counts) {
        all.push_back(std::make_unique<EventsOfManySchemas>(kinds, count, kEvents));
        all.back()->run();
    }
    std::vector<std::vector<double>> ns(all.size());
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < all.size(); ++i) ns[i].push_back(all[i]->run());
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        std::sort(ns[i].begin(), ns[i].end());
        std::printf("%zu %.0f %.0f\n", counts[i], ns[i][ns[i].size() / 2], ns[i].front());
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "time" && argc == 4) {
        time_all(read_cases(argv[2], argv[3]));
    } else if (what == "run" && argc == 7) {
        run_one(read_cases(argv[2], argv[3]).at(std::stoul(argv[4])), argv[5], std::stoi(argv[6]));
    } else if (what == "many" && argc == 6) {
        time_many(read_cases(argv[2], argv[3]), std::stoul(argv[4]), use_of(argv[5]));
    } else if (what == "many" && argc == 7) {
        ManySchemas(kinds_of(read_cases(argv[2], argv[3])), std::stoul(argv[4]), use_of(argv[5]))
            .check(std::stoul(argv[6]));
    } else if (what == "events" && argc == 5) {
        time_events(read_cases(argv[2], argv[3]), std::stoi(argv[4]));
    } else {
        std::fprintf(stderr, "see the head of bench/iglu/validate.cpp\n");
        return 2;
    }
}
