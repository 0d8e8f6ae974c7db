#pragma once

#include "common/ops/histogram.h"
#include "enricher/outputs/row.h"
#include "enricher/pipeline/record_facts.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace snowline::enricher {

inline constexpr std::size_t kVerdicts = 2;

/// What one worker counted of the records of one partition in one poll. The runner keeps it with
/// these records, and it is shown once they are committed. Bounded by their number.
struct Tally {
    struct TextHash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    template <class T>
    using ByText = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

    using Verdicts = std::array<std::uint64_t, kVerdicts>;

    struct Output {
        std::uint64_t rows = 0, bytes = 0;
    };
    struct Enrichment {
        ops::Histogram seconds{kSecondsBounds};
        std::uint64_t failures = 0;
    };
    struct Collected {  // events of one request
        std::int64_t at_ms;
        std::uint64_t events;
    };

    static constexpr std::array<double, 14> kSecondsBounds{
        1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 1e-3, 1e-2, 1e-1, 1, 5, 30};

    Verdicts events{};
    Counters counters;
    std::vector<Output> outputs;  // by the index of the output; those behind have no rows
    ByText<Verdicts> apps;
    ByText<std::uint64_t> schemas;                                  // of good events
    std::map<std::string, ByText<std::uint64_t>, std::less<>> bad;  // by type, by schema
    ByText<std::uint64_t> old_schemas;                              // by URI, tab, app id
    std::array<Enrichment, kEnrichmentKinds> enrichments;           // by EnrichmentKind
    std::vector<Collected> collected;

    void add(const RecordFacts& facts, std::span<const Row> rows);
    void merge(const Tally& other);

private:
    Output& output(std::size_t index);
};

}  // namespace snowline::enricher
