#pragma once

#include "common/log/log.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace snowline::log::sqlite {

/// A database file's pages, read without SQLite, so that a damaged page hides no other one. Pages
/// that were committed to the `-wal` beside it come from there, as far as its checksums are right.
/// Only reads. For files that no process writes; one thread.
/// Formats: sqlite.org/fileformat2.html.
class PageFile {
public:
    /// kUnavailable where the file cannot be read at all.
    static Result<PageFile, Failure> open(const std::filesystem::path& path);

    PageFile(PageFile&& other) noexcept;
    PageFile& operator=(PageFile&& other) = delete;
    ~PageFile();

    /// `number` counts from 1. nullopt: it is behind the end of the file, or cannot be read.
    std::optional<std::string> page(std::uint32_t number) const;
    /// Whole pages that there are.
    std::uint32_t pages() const { return pages_; }
    /// Pages that the header speaks of; those behind `pages` were cut off. 0 without a header.
    std::uint32_t pages_expected() const { return pages_expected_; }
    /// The bytes of a page that belong to SQLite; the rest, mostly none, is reserved.
    std::uint32_t usable_bytes() const { return page_bytes_ - reserved_bytes_; }
    /// False: page 1 does not begin as that of a database.
    bool has_header() const { return has_header_; }
    /// The numbers of unused pages; nullopt where their list is damaged or there is no header.
    const std::optional<std::vector<std::uint32_t>>& unused() const { return unused_; }

private:
    explicit PageFile(int descriptor) : descriptor_(descriptor) {}
    void read_header();
    void read_wal(const std::filesystem::path& path);
    std::optional<std::vector<std::uint32_t>> read_unused() const;

    int descriptor_;
    std::uint32_t page_bytes_ = 4096;
    std::uint32_t reserved_bytes_ = 0;
    std::uint32_t pages_ = 0, pages_expected_ = 0;
    bool has_header_ = false;
    std::map<std::uint32_t, std::string> newer_;  // from the WAL
    std::optional<std::vector<std::uint32_t>> unused_;
};

/// Big-endian numbers, as the format has them; `at` and what follows must be inside of `bytes`.
std::uint32_t read_u16(const std::string& bytes, std::size_t at);
std::uint32_t read_u32(const std::string& bytes, std::size_t at);

}  // namespace snowline::log::sqlite
