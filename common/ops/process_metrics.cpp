#include "common/ops/process_metrics.h"

#include "common/version.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace snowline::ops {
namespace {

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// The process' memory in pages: virtual, and resident.
std::array<double, 2> pages() {
    std::array<double, 2> out{};
    std::ifstream statm("/proc/self/statm");
    statm >> out[0] >> out[1];
    return out;
}

// Seconds since 1970. /proc gives it in ticks since boot, in the 22nd field of a line whose second
// field may contain blanks.
double start_time() {
    std::ifstream file("/proc/self/stat");
    const std::string line(std::istreambuf_iterator<char>(file), {});
    double ticks = 0;
    std::size_t at = line.rfind(')');
    for (int field = 2; field < 22 && at != std::string::npos; ++field) at = line.find(' ', at + 1);
    if (at == std::string::npos || std::sscanf(line.c_str() + at, "%lf", &ticks) != 1) return 0;
    timespec now{};
    timespec up{};
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_BOOTTIME, &up);
    const double started = static_cast<double>(now.tv_sec - up.tv_sec) +
                           static_cast<double>(now.tv_nsec - up.tv_nsec) * 1e-9;
    return started + ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double open_files() {
    std::error_code failed;
    std::filesystem::directory_iterator files("/proc/self/fd", failed);
    if (failed) return 0;
    return static_cast<double>(std::distance(begin(files), end(files))) - 1;  // this one
}

}  // namespace

void write_process_metrics(std::string_view program, PrometheusText& text) {
    text.family("snowline_build_info", MetricType::kGauge, "Which program this is; always 1.");
    text.sample({{"program", program}, {"version", version()}}, 1);

    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    text.family("process_cpu_seconds_total", MetricType::kCounter, "User and system CPU time.");
    text.sample({}, seconds(usage.ru_utime) + seconds(usage.ru_stime));
    static const double started = start_time();
    text.gauge("process_start_time_seconds", "When the process started, since the epoch.", started);
    const auto [all, resident] = pages();
    const auto page_bytes = static_cast<double>(sysconf(_SC_PAGESIZE));
    text.gauge("process_virtual_memory_bytes", "Virtual memory.", all * page_bytes);
    text.gauge("process_resident_memory_bytes", "Memory that is resident.", resident * page_bytes);
    text.gauge("process_open_fds", "Open file descriptors.", open_files());
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    text.gauge("process_max_fds", "File descriptors that may be open.",
               static_cast<double>(files.rlim_cur));
}

}  // namespace snowline::ops
