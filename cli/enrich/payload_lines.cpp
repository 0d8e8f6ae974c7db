#include "cli/enrich/payload_lines.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace snowline::cli {
namespace {

constexpr std::size_t kPiece = 256 << 10;

}  // namespace

// zlib reads plain files unchanged, and concatenated gzip members.
struct PayloadLines::File {
    const gzFile gz;
    const std::string name;

    File(gzFile its_gz, std::string its_name) : gz(its_gz), name(std::move(its_name)) {}
    File(const File&) = delete;
    ~File() { gzclose_r(gz); }
};

Result<std::unique_ptr<PayloadLines>> PayloadLines::open(const std::string& file) {
    const bool is_input = file == "-";
    const auto failure = [&](int error) {
        return unexpected(fmt::format("{}: {}", file, std::strerror(error)));
    };
    const int descriptor = is_input ? ::dup(STDIN_FILENO) : ::open(file.c_str(), O_RDONLY);
    if (descriptor < 0) return failure(errno);
    struct stat status {};
    if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
        ::close(descriptor);
        return failure(EISDIR);
    }
    const gzFile gz = ::gzdopen(descriptor, "rb");
    if (gz == nullptr) {
        ::close(descriptor);
        return failure(ENOMEM);
    }
    ::gzbuffer(gz, kPiece);
    auto opened = std::make_unique<File>(gz, is_input ? "standard input" : file);
    const auto bytes = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
    return std::unique_ptr<PayloadLines>(new PayloadLines(std::move(opened), bytes));
}

PayloadLines::PayloadLines(std::unique_ptr<File> file, std::uint64_t bytes)
    : file_(std::move(file)), bytes_(bytes), buffer_(kPiece, '\0') {}

PayloadLines::~PayloadLines() = default;

// False at the end of the file.
Result<bool> PayloadLines::fill() {
    const int read = ::gzread(file_->gz, buffer_.data(), static_cast<unsigned>(buffer_.size()));
    // A truncated gzip file gives the bytes that it has, and then this error.
    int error = Z_OK;
    const char* message = ::gzerror(file_->gz, &error);
    if (read < 0 || (read == 0 && error != Z_OK)) {
        return unexpected(fmt::format("{}: {}", file_->name,
                                      error == Z_ERRNO       ? std::strerror(errno)
                                      : error == Z_BUF_ERROR ? "the gzip file is cut off"
                                                             : message));
    }
    begin_ = 0;
    end_ = static_cast<std::size_t>(read);
    return read > 0;
}

Result<PayloadLines::Next> PayloadLines::next() {
    line_.clear();
    bool too_long = false, any = false;
    while (true) {
        if (begin_ == end_) {
            const auto more = fill();
            if (!more) return unexpected(more.error());
            if (!*more) break;
        }
        const std::string_view rest(buffer_.data() + begin_, end_ - begin_);
        const auto found = rest.find('\n');
        const std::string_view piece = rest.substr(0, found);
        any = true;
        begin_ += piece.size();
        too_long = too_long || line_.size() + piece.size() > kLineBytesMax;
        if (!too_long) line_ += piece;
        if (found == std::string_view::npos) continue;
        ++begin_;
        break;
    }
    if (!any) return Next::kEnd;
    ++number_;
    if (too_long) {
        line_.clear();
        return Next::kTooLong;
    }
    if (line_.ends_with('\r')) line_.pop_back();
    return Next::kLine;
}

std::optional<double> PayloadLines::share_read() const {
    if (bytes_ == 0) return std::nullopt;
    const auto at = ::gzoffset(file_->gz);
    return at < 0 ? std::nullopt
                  : std::optional(
                        std::min(1.0, static_cast<double>(at) / static_cast<double>(bytes_)));
}

}  // namespace snowline::cli
