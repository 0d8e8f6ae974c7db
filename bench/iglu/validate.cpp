// Time of one validation (schema compiled, instance parsed before), ours beside plain valijson.
//   validate time FOLDER INSTANCES           CPU ns of each line of INSTANCES: {"schema_uri": …,
//   "instance": …} validate run FOLDER INSTANCES N WHO TIMES  line N, WHO is ours or valijson,
//   TIMES over: to count instructions validate many FOLDER                     memory and time with
//   10 … 10,000 schemas in use, one after another
// FOLDER holds `schemas/` (Iglu Central).
#include "bench/iglu/valijson_baseline.h"
#include "common/json/arena.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "iglu/schema/validator.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <sys/resource.h>
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
    std::shared_ptr<const iglu::schema::CompiledSchema> schema;
    json::Value instance;

    Ours(const Case& c) {
        json::Arena of_schema;
        schema = iglu::schema::compile(json::parse(c.schema, of_schema).value()).value();
        instance = json::parse(c.instance, arena).value();
    }
    bool is_valid() const { return iglu::schema::is_valid(*schema, instance); }
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

double resident_mib() {
    std::ifstream statm("/proc/self/statm");
    long size = 0, resident = 0;
    statm >> size >> resident;
    return static_cast<double>(resident) * 4096 / (1 << 20);
}

std::vector<std::string> all_schemas(const std::string& folder) {
    std::vector<std::string> texts;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder + "/schemas")) {
        if (!entry.is_regular_file()) continue;
        json::Arena arena;
        std::string text = read_file(entry.path());
        const auto value = json::parse(text, arena);
        if (value && iglu::schema::compile(*value)) texts.push_back(std::move(text));
    }
    std::sort(texts.begin(), texts.end());
    return texts;
}

// The same small instance against schemas taken in turn, so that none of them stays in the caches
// longer than it would.
void many(const std::string& folder) {
    const auto texts = all_schemas(folder);
    json::Arena arena;
    const json::Value instance =
        json::parse(R"({"id":"8c1b6a1e-0f3b-4c8e-9a5d-0123456789ab","name":"x","n":5})", arena)
            .value();
    std::vector<std::shared_ptr<const iglu::schema::CompiledSchema>> compiled;
    const double before = resident_mib();
    for (const std::size_t count : {10, 100, 1'000, 10'000}) {
        while (compiled.size() < count) {
            json::Arena of_schema;
            const std::string& text = texts[compiled.size() % texts.size()];
            compiled.push_back(iglu::schema::compile(json::parse(text, of_schema).value()).value());
        }
        constexpr int kEvents = 1'000'000;
        std::size_t valid = 0;
        const double begin = cpu_ns();
        for (int i = 0; i < kEvents; ++i) {
            valid +=
                iglu::schema::is_valid(*compiled[static_cast<std::size_t>(i) % count], instance);
        }
        const double ns = (cpu_ns() - begin) / kEvents;
        std::printf("%6zu schemas: %7.1f MiB, %.1f KiB each; %.0f ns a validation (%zu valid)\n",
                    count, resident_mib() - before,
                    (resident_mib() - before) * 1024 / static_cast<double>(count), ns, valid);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "time" && argc == 4) {
        time_all(read_cases(argv[2], argv[3]));
    } else if (what == "run" && argc == 7) {
        run_one(read_cases(argv[2], argv[3]).at(std::stoul(argv[4])), argv[5], std::stoi(argv[6]));
    } else if (what == "many" && argc == 3) {
        many(argv[2]);
    } else {
        std::fprintf(stderr, "see the head of bench/iglu/validate.cpp\n");
        return 2;
    }
}
