#include "cli/schema/diff_report.h"

#include "common/json/print.h"

#include <fmt/format.h>

namespace snowline::cli {

using iglu::diff::Bump;
using iglu::diff::Change;

std::string diff_report(const iglu::diff::Difference& difference, Widening widening) {
    std::string out;
    for (const Change& change : difference.changes) {
        if (change.bump == Bump::kAddition && widening == Widening::kHidden) continue;
        out += fmt::format("  {:<9} {}: {}\n", name_of(change.bump),
                           change.pointer.empty() ? "/" : change.pointer, change.reason);
        if (!change.counter_example.empty()) {
            out += fmt::format("            accepted before, refused now: {}\n",
                               change.counter_example);
        }
    }
    return out;
}

std::string diff_json(const iglu::diff::Difference& difference) {
    std::string out = fmt::format(R"({{"bump":"{}","changes":[)", name_of(difference.bump));
    for (const Change& change : difference.changes) {
        if (out.back() == '}') out += ',';
        out += fmt::format(R"({{"bump":"{}","pointer":)", name_of(change.bump));
        json::print_string(change.pointer, out);
        out += R"(,"reason":)";
        json::print_string(change.reason, out);
        if (!change.counter_example.empty()) {
            out += R"(,"counterExample":)" + change.counter_example;
        }
        out += '}';
    }
    return out + "]}";
}

}  // namespace snowline::cli
