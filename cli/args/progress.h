#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace snowline::cli {

/// The progress of a run over many lines.
struct RunCounts {
    std::uint64_t lines = 0, good = 0, bad = 0;
    std::optional<double> share;  // of the input that was read, 0 to 1; nullopt: unknown
};

/// `1,234,567 lines (34.5 %), 41,000/s, 0:42 left, 1,230,000 good, 4,567 bad`
std::string progress_text(const RunCounts& counts, std::chrono::duration<double> elapsed);

/// Prints the progress of a run on standard error: on a terminal one line, updated twice a second;
/// elsewhere a line every ten seconds.
class Progress {
public:
    enum class Show { kNever, kTerminal, kLines };

    /// The form that `--progress` and standard error allow. kNever where rows go to the same
    /// terminal.
    static Show wanted(bool asked_for);

    explicit Progress(Show show) : show_(show), began_(Clock::now()), shown_(began_) {}

    /// Cheap enough to call for every line.
    template <class Counts>
    void tick(const Counts& counts) {
        // Reading the clock costs as much as processing a short line.
        if (show_ != Show::kNever && ++calls_ % 64 == 0 && is_due()) show(counts());
    }
    /// Prints the final counts.
    void end(const RunCounts& counts);

private:
    using Clock = std::chrono::steady_clock;

    bool is_due() const;
    void show(const RunCounts& counts);

    Show show_;
    Clock::time_point began_, shown_;
    std::uint64_t calls_ = 0;
};

}  // namespace snowline::cli
