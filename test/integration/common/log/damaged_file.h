#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

/// Faults of a file, by writing bytes into it.
namespace snowline::log::test {

constexpr std::uint64_t kPageBytes = 4096;

inline void overwrite(const std::filesystem::path& file, std::uint64_t at,
                      const std::string& bytes) {
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(static_cast<std::streamoff>(at));
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

/// Every bit of a page that counts from 1.
inline void flip_page(const std::filesystem::path& file, std::uint64_t page) {
    std::string bytes(kPageBytes, '\0');
    std::ifstream in(file, std::ios::binary);
    in.seekg(static_cast<std::streamoff>((page - 1) * kPageBytes));
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    for (char& byte : bytes) byte = static_cast<char>(~byte);
    overwrite(file, (page - 1) * kPageBytes, bytes);
}

inline void zero_page(const std::filesystem::path& file, std::uint64_t page) {
    overwrite(file, (page - 1) * kPageBytes, std::string(kPageBytes, '\0'));
}

inline std::uint64_t pages_of(const std::filesystem::path& file) {
    return std::filesystem::file_size(file) / kPageBytes;
}

}  // namespace snowline::log::test
