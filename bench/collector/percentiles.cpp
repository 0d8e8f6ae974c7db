#include "bench/collector/percentiles.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::bench {

std::string percentiles_json(std::vector<double> ms, double seconds) {
    std::sort(ms.begin(), ms.end());
    const auto at = [&](double share) {
        if (ms.empty()) return 0.0;
        const auto index = static_cast<std::size_t>(share * static_cast<double>(ms.size()));
        return ms[std::min(index, ms.size() - 1)];
    };
    return fmt::format(
        R"({{"count":{},"per_s":{:.1f},"p50_ms":{:.3f},"p99_ms":{:.3f},"p999_ms":{:.3f},"max_ms":{:.3f}}})",
        ms.size(), static_cast<double>(ms.size()) / seconds, at(0.5), at(0.99), at(0.999), at(1));
}

}  // namespace snowline::bench
