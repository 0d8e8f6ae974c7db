#pragma once

#include "common/ops/prometheus_text.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace snowline::ops {

/// One number of /metrics, as a table lists it: `requests_total`, or `requests_total{code=404}` for
/// one series of a family; series of one family stand one after the other, the first with the help.
struct CounterInfo {
    std::string_view name;
    MetricType type;        // counter or gauge
    std::string_view help;  // one line, ends with a full stop
};

/// The numbers of a table of CounterInfo, all zero at first. A value; not thread-safe.
///
///     inline constexpr std::array kCounters{
///         CounterInfo{"requests_total", MetricType::kCounter, "Answered requests."}};
///     using Counts = Counters<kCounters>;
///     counts.add("requests_total");   // a name that the table does not have does not compile
template <const auto& kTable>
class Counters {
public:
    class Name {
    public:
        // NOLINTNEXTLINE(google-explicit-constructor): a name is written as a text
        consteval Name(const char* name) : index_(index_of(name)) {}
        constexpr std::size_t index() const { return index_; }

    private:
        std::size_t index_;
    };

    void add(Name name, std::uint64_t times = 1) { values_[name.index()] += times; }
    void set(Name name, std::uint64_t value) { values_[name.index()] = value; }
    std::uint64_t operator[](Name name) const { return values_[name.index()]; }

    void merge(const Counters& other) {
        for (std::size_t i = 0; i < values_.size(); ++i) values_[i] += other.values_[i];
    }

    /// All of them, in the table's order.
    void write(PrometheusText& text) const {
        std::string_view family;
        for (std::size_t i = 0; i < values_.size(); ++i) {
            const CounterInfo& info = kTable[i];
            const auto brace = info.name.find('{');
            if (const auto own = info.name.substr(0, brace); own != family) {
                family = own;
                text.family(family, info.type, info.help);
            }
            if (brace == std::string_view::npos) {
                text.sample({}, values_[i]);
                continue;
            }
            const auto equals = info.name.find('=', brace);
            text.sample({{info.name.substr(brace + 1, equals - brace - 1),
                          info.name.substr(equals + 1, info.name.size() - equals - 2)}},
                        values_[i]);
        }
    }

private:
    static consteval std::size_t index_of(std::string_view name) {
        for (std::size_t i = 0; i < kTable.size(); ++i) {
            if (kTable[i].name == name) return i;
        }
        throw "no such counter in the table";
    }

    std::array<std::uint64_t, kTable.size()> values_{};
};

}  // namespace snowline::ops
