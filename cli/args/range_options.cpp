#include "cli/args/range_options.h"

#include "common/text/time.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include <CLI/CLI.hpp>

namespace snowline::cli {
namespace {

std::optional<std::int64_t> read_offset(const std::string& text) {
    std::int64_t offset = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    if (!is_whole || offset < 0) return std::nullopt;
    return offset;
}

std::optional<log::Range::From> read_from(const std::string& text) {
    if (text == "start") return log::Range::Start{};
    if (text == "end") return log::Range::End{};
    if (const auto offset = read_offset(text)) return log::Range::Offset{*offset};
    if (const auto ms = text::parse_instant(text)) return log::Range::Time{*ms};
    return std::nullopt;
}

std::string check_from(const std::string& text) {
    if (read_from(text)) return {};
    return text + " is none of start, end, a time (2026-11-28T09:30:00Z, 2026-11-28) and an offset";
}

}  // namespace

std::vector<CLI::Option*> add_range_options(CLI::App& app, RangeOptions& options) {
    app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
        return failed->get_name() + ": " + error.what() + "; --help lists the options\n";
    });
    const std::map<std::string, std::int64_t> units{
        {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
    auto* since =
        app.add_option("--since", options.since_ms,
                       "begin with the first record of the last 90s, 30m, 1h, 2d")
            ->transform(CLI::AsNumberWithUnit(
                units, CLI::AsNumberWithUnit::Options(CLI::AsNumberWithUnit::CASE_SENSITIVE |
                                                      CLI::AsNumberWithUnit::UNIT_REQUIRED)))
            ->check(CLI::PositiveNumber)
            ->type_name("TIME");
    auto* from = app.add_option("--from", options.from,
                                "begin at start, end, a time (2026-11-28T09:30:00Z, or a date, "
                                "which is its first moment in UTC) or an offset, which counts "
                                "within one partition")
                     ->check(CLI::Validator(check_from, ""))
                     ->type_name("start|end|TIME|OFFSET")
                     ->excludes(since);
    auto* partition =
        app.add_option("--partition", options.partitions, "only this one; may be repeated")
            ->check(CLI::NonNegativeNumber)
            ->allow_extra_args(false)
            ->type_name("N");
    return {since, from, partition};
}

log::Range range_of(const RangeOptions& options, const std::string& topic, std::int64_t now_ms) {
    log::Range range{.topics = {topic}};
    if (!options.partitions.empty()) {
        std::vector<std::int32_t> partitions = options.partitions;
        std::sort(partitions.begin(), partitions.end());
        partitions.erase(std::unique(partitions.begin(), partitions.end()), partitions.end());
        range.partitions = std::move(partitions);
    }
    if (options.since_ms > 0) range.from = log::Range::Time{now_ms - options.since_ms};
    if (const auto from = read_from(options.from)) range.from = *from;
    return range;
}

}  // namespace snowline::cli
