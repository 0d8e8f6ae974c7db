#include "cli/args/progress.h"

#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

namespace snowline::cli {
namespace {

using namespace std::chrono_literals;

std::string grouped(std::uint64_t number) {
    std::string out = fmt::to_string(number);
    for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, ",");
    return out;
}

std::string clock_text(double seconds) {
    const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
    if (whole >= 3600) {
        return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    }
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

std::string progress_text(const RunCounts& counts, std::chrono::duration<double> elapsed) {
    const double seconds = elapsed.count();
    std::string out = grouped(counts.lines) + " lines";
    if (counts.share) out += fmt::format(" ({:.1f} %)", *counts.share * 100);
    if (seconds > 0) {
        out += fmt::format(
            ", {}/s",
            grouped(static_cast<std::uint64_t>(static_cast<double>(counts.lines) / seconds)));
    }
    if (counts.share && *counts.share > 0 && *counts.share < 1) {
        out += fmt::format(", {} left", clock_text(seconds * (1 - *counts.share) / *counts.share));
    }
    return out + fmt::format(", {} good, {} bad", grouped(counts.good), grouped(counts.bad));
}

Progress::Show Progress::wanted(bool asked_for) {
    if (::isatty(STDERR_FILENO) != 0) {
        return asked_for || ::isatty(STDOUT_FILENO) == 0 ? Show::kTerminal : Show::kNever;
    }
    return asked_for ? Show::kLines : Show::kNever;
}

bool Progress::is_due() const {
    return Clock::now() - shown_ >= (show_ == Show::kTerminal ? 500ms : 10s);
}

void Progress::show(const RunCounts& counts) {
    shown_ = Clock::now();
    const std::string text = progress_text(counts, shown_ - began_);
    if (show_ == Show::kTerminal)
        fmt::print(stderr, "\r{}\x1b[K", text);  // carriage return, and erase the rest of the line
    else
        fmt::print(stderr, "{}\n", text);
    std::fflush(stderr);
}

void Progress::end(const RunCounts& counts) {
    if (show_ == Show::kNever) return;
    show(counts);
    if (show_ == Show::kTerminal) fmt::print(stderr, "\n");
}

}  // namespace snowline::cli
