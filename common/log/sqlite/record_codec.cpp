#include "common/log/sqlite/record_codec.h"

#include <cstdint>
#include <optional>

namespace snowline::log::sqlite {
namespace {

void put(std::string& bytes, std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(size >> shift & 0xff);
    bytes += text;
}

std::optional<std::string> take(std::string_view& bytes) {
    if (bytes.size() < 4) return std::nullopt;
    std::uint32_t size = 0;
    for (int i = 3; i >= 0; --i) size = size << 8 | static_cast<std::uint8_t>(bytes[i]);
    bytes.remove_prefix(4);
    if (size > bytes.size()) return std::nullopt;
    std::string text(bytes.substr(0, size));
    bytes.remove_prefix(size);
    return text;
}

}  // namespace

std::string encode_headers(const std::vector<Header>& headers) {
    std::string bytes;
    for (const Header& header : headers) {
        put(bytes, header.name);
        put(bytes, header.value);
    }
    return bytes;
}

std::vector<Header> decode_headers(std::string_view bytes) {
    std::vector<Header> headers;
    while (!bytes.empty()) {
        auto name = take(bytes);
        if (!name) break;
        auto value = take(bytes);
        if (!value) break;
        headers.push_back({.name = std::move(*name), .value = std::move(*value)});
    }
    return headers;
}

std::size_t size_of(const Record& record) {
    std::size_t size = sizeof(Record) + record.topic.size() + record.value.size();
    if (record.key) size += record.key->size();
    for (const Header& header : record.headers) size += header.name.size() + header.value.size();
    return size;
}

}  // namespace snowline::log::sqlite
