#include "common/log/kafka/command_output.h"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace snowline::log::kafka {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kBytesMax = std::size_t{64} << 10;

struct Started {
    pid_t pid = -1;
    int output = -1;
};

/// In a process group of its own, so that all of it can be ended.
Result<Started> start(const std::string& command) {
    std::array<int, 2> pipe_ends{};
    if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return unexpected(std::string("no pipe"));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::string shell = "/bin/sh", option = "-c", text = command;
    std::array<char*, 4> arguments{shell.data(), option.data(), text.data(), nullptr};
    Started out;
    const int failed =
        ::posix_spawn(&out.pid, shell.c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    ::close(pipe_ends[1]);
    out.output = pipe_ends[0];
    if (failed == 0) return out;
    ::close(pipe_ends[0]);
    return unexpected(std::string("/bin/sh cannot be started"));
}

/// Until its end, its limit or the deadline; false: not to its end.
bool read_all(int from, Clock::time_point until, std::string& to) {
    std::array<char, 4096> piece{};
    while (to.size() < kBytesMax) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
        if (left <= 0) return false;
        pollfd waits{from, POLLIN, 0};
        const int ready = ::poll(&waits, 1, static_cast<int>(left));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return false;
        const ssize_t got = ::read(from, piece.data(), piece.size());
        if (got == 0) return true;
        if (got < 0 && errno != EINTR) return false;
        if (got > 0) to.append(piece.data(), static_cast<std::size_t>(got));
    }
    return false;
}

}  // namespace

Result<std::string> output_of(const std::string& command, std::chrono::milliseconds within) {
    const auto started = start(command);
    if (!started) return unexpected(started.error());
    std::string out;
    const bool whole = read_all(started->output, Clock::now() + within, out);
    ::close(started->output);
    if (!whole) ::kill(-started->pid, SIGKILL);
    int status = 0;
    while (::waitpid(started->pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!whole) return unexpected(std::string("the command took too long, or printed too much"));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return unexpected(std::string("the command failed"));
    }
    while (out.ends_with('\n') || out.ends_with('\r')) out.pop_back();
    if (out.empty()) return unexpected(std::string("the command printed nothing"));
    return out;
}

}  // namespace snowline::log::kafka
