#include "cli/schema/git_tree.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

namespace snowline::cli {
namespace {

// Runs git with these arguments (without a shell) and returns its output.
Result<std::string> git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "git");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) return unexpected(std::string(std::strerror(errno)));
    const pid_t child = ::fork();
    if (child < 0) return unexpected(std::string(std::strerror(errno)));
    if (child == 0) {
        ::dup2(pipe[1], STDOUT_FILENO);
        ::close(pipe[0]);
        ::close(pipe[1]);
        ::execvp("git", argv.data());
        ::_exit(127);
    }
    ::close(pipe[1]);
    std::string output;
    std::array<char, 65536> buffer;
    for (ssize_t read = 0; (read = ::read(pipe[0], buffer.data(), buffer.size())) > 0;) {
        output.append(buffer.data(), static_cast<std::size_t>(read));
    }
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return output;
    return unexpected(fmt::format("`git {}` failed", arguments.size() > 3 ? arguments[3] : ""));
}

}  // namespace

Result<std::vector<CommittedFile>> committed_files(const std::string& folder,
                                                   const std::string& revision) {
    if (revision.starts_with('-')) return unexpected(revision + " is no revision");
    const auto list = git({"-C", folder, "ls-tree", "-r", "-z", "--name-only", revision, "."});
    if (!list) return unexpected(list.error());
    std::vector<CommittedFile> files;
    for (std::size_t at = 0; at < list->size();) {
        const std::size_t end = list->find('\0', at);
        const std::string path = list->substr(at, end - at);
        at = end + 1;
        auto text = git({"-C", folder, "show", revision + ":./" + path});
        if (!text) return unexpected(text.error());
        files.push_back({.path = path, .text = *std::move(text)});
    }
    return files;
}

}  // namespace snowline::cli
