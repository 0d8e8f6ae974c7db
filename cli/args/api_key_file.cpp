#include "cli/args/api_key_file.h"

#include "common/text/uuid.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

namespace snowline::cli {

Result<std::string> read_api_key_file(const std::string& file) {
    std::ifstream in(file);
    std::string line;
    if (!in) return unexpected(file + ": cannot be read");
    std::getline(in, line);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
    const auto key = text::parse_uuid_lenient(line);
    if (!key) return unexpected(file + ": its first line is no API key (a UUID)");
    return *key;
}

std::optional<std::string> api_key_of_option(const std::string& file) {
    if (file.empty()) return std::nullopt;
    auto key = read_api_key_file(file);
    if (!key) throw std::runtime_error(key.error());
    return *std::move(key);
}

Result<void> write_api_key_file(const std::string& file, const std::string& key) {
    const std::filesystem::path path(file);
    std::error_code error;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
    if (error) return unexpected(file + ": " + error.message());
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return unexpected(file + ": " + std::strerror(errno));
    const std::string line = key + "\n";
    const bool written =
        ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    ::close(descriptor);
    if (!written) return unexpected(file + ": cannot be written");
    return {};
}

}  // namespace snowline::cli
