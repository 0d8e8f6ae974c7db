#include "common/sqlite/page_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace snowline::log::sqlite {
namespace {

constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::size_t kHeaderBytes = 100;
constexpr std::size_t kWalHeaderBytes = 32, kFrameHeaderBytes = 24;
constexpr std::uint32_t kWalMagic = 0x377f0682;  // the lowest bit: checksums of big-endian words

bool is_page_size(std::uint32_t bytes) {
    return bytes >= 512 && bytes <= 65536 && (bytes & (bytes - 1)) == 0;
}

/// The running checksum of a WAL.
class WalSum {
public:
    explicit WalSum(bool is_big_endian) : is_big_endian_(is_big_endian) {}

    void add(std::string_view bytes) {
        for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
            first_ += word(bytes, at) + second_;
            second_ += word(bytes, at + 4) + first_;
        }
    }
    bool is(std::uint32_t first, std::uint32_t second) const {
        return first_ == first && second_ == second;
    }

private:
    std::uint32_t word(std::string_view bytes, std::size_t at) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto byte = static_cast<unsigned char>(bytes[at + i]);
            value |= static_cast<std::uint32_t>(byte) << (8 * (is_big_endian_ ? 3 - i : i));
        }
        return value;
    }

    bool is_big_endian_;
    std::uint32_t first_ = 0, second_ = 0;
};

}  // namespace

std::uint32_t read_u16(const std::string& bytes, std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at])) << 8 |
           static_cast<unsigned char>(bytes[at + 1]);
}

std::uint32_t read_u32(const std::string& bytes, std::size_t at) {
    return read_u16(bytes, at) << 16 | read_u16(bytes, at + 2);
}

Result<PageFile, Failure> PageFile::open(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return unexpected(
            Failure{Reason::kUnavailable, path.string() + ": " + std::strerror(errno)});
    }
    PageFile file(descriptor);
    file.read_header();
    file.read_wal(path.string() + "-wal");
    file.unused_ = file.read_unused();
    return file;
}

PageFile::PageFile(PageFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      page_bytes_(other.page_bytes_),
      reserved_bytes_(other.reserved_bytes_),
      pages_(other.pages_),
      pages_expected_(other.pages_expected_),
      has_header_(other.has_header_),
      newer_(std::move(other.newer_)),
      unused_(std::move(other.unused_)) {}

PageFile::~PageFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void PageFile::read_header() {
    std::string header(kHeaderBytes, '\0');
    const ssize_t count = ::pread(descriptor_, header.data(), header.size(), 0);
    if (count == static_cast<ssize_t>(header.size()) && header.starts_with(kMagic)) {
        const std::uint32_t stored = read_u16(header, 16);
        const std::uint32_t bytes = stored == 1 ? 65536 : stored;
        const std::uint32_t reserved = static_cast<unsigned char>(header[20]);
        if (is_page_size(bytes) && bytes - reserved >= 480) {
            has_header_ = true;
            page_bytes_ = bytes;
            reserved_bytes_ = reserved;
            pages_expected_ = read_u32(header, 28);
        }
    }
    struct stat status {};
    if (::fstat(descriptor_, &status) == 0) {
        pages_ = static_cast<std::uint32_t>(status.st_size / page_bytes_);
    }
}

/// Takes the pages of all transactions whose checksums are right.
void PageFile::read_wal(const std::filesystem::path& path) {
    std::ifstream wal(path, std::ios::binary);
    std::string header(kWalHeaderBytes, '\0');
    if (!wal || !wal.read(header.data(), kWalHeaderBytes)) return;
    const std::uint32_t magic = read_u32(header, 0);
    const std::uint32_t page_bytes = read_u32(header, 8);
    if ((magic & ~1U) != kWalMagic || !is_page_size(page_bytes)) return;
    if (has_header_ && page_bytes != page_bytes_) return;
    WalSum sum((magic & 1U) != 0);
    sum.add(std::string_view(header).substr(0, 24));
    if (!sum.is(read_u32(header, 24), read_u32(header, 28))) return;
    if (!has_header_ && page_bytes != page_bytes_) {
        pages_ = static_cast<std::uint32_t>(std::uint64_t{pages_} * page_bytes_ / page_bytes);
        page_bytes_ = page_bytes;
    }
    std::map<std::uint32_t, std::string> open;  // of the transaction that is not committed yet
    std::string frame(kFrameHeaderBytes, '\0'), page(page_bytes, '\0');
    while (wal.read(frame.data(), kFrameHeaderBytes) && wal.read(page.data(), page_bytes)) {
        if (frame.compare(8, 8, header, 16, 8) != 0) break;  // of an earlier round of the file
        sum.add(std::string_view(frame).substr(0, 8));
        sum.add(page);
        if (!sum.is(read_u32(frame, 16), read_u32(frame, 20))) break;
        open.insert_or_assign(read_u32(frame, 0), page);
        const std::uint32_t pages_after = read_u32(frame, 4);
        if (pages_after == 0) continue;
        for (auto& [number, bytes] : open) newer_.insert_or_assign(number, std::move(bytes));
        open.clear();
        pages_expected_ = pages_after;
    }
    if (newer_.empty()) return;
    pages_ = std::max(pages_, newer_.rbegin()->first);
    if (const auto first = newer_.find(1); first != newer_.end()) {
        has_header_ = has_header_ || first->second.starts_with(kMagic);
    }
}

std::optional<std::string> PageFile::page(std::uint32_t number) const {
    if (number == 0) return std::nullopt;
    if (const auto newer = newer_.find(number); newer != newer_.end()) return newer->second;
    std::string bytes(page_bytes_, '\0');
    const auto at = static_cast<off_t>(number - 1) * static_cast<off_t>(page_bytes_);
    const ssize_t count = ::pread(descriptor_, bytes.data(), bytes.size(), at);
    if (count != static_cast<ssize_t>(bytes.size())) return std::nullopt;
    return bytes;
}

std::optional<std::vector<std::uint32_t>> PageFile::read_unused() const {
    const auto first = page(1);
    if (!has_header_ || !first || !first->starts_with(kMagic)) return std::nullopt;
    const std::uint32_t total = read_u32(*first, 36);
    std::set<std::uint32_t> found;
    for (std::uint32_t trunk = read_u32(*first, 32); trunk != 0;) {
        const auto bytes = page(trunk);
        if (!bytes || !found.insert(trunk).second) return std::nullopt;
        const std::uint32_t count = read_u32(*bytes, 4);
        if (count > page_bytes_ / 4 - 2) return std::nullopt;
        for (std::uint32_t i = 0; i < count; ++i) found.insert(read_u32(*bytes, 8 + 4 * i));
        trunk = read_u32(*bytes, 0);
    }
    if (found.size() != total) return std::nullopt;
    return std::vector<std::uint32_t>(found.begin(), found.end());
}

}  // namespace snowline::log::sqlite
