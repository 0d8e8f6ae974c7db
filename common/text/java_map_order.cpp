#include "common/text/java_map_order.h"

#include "common/text/utf8.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace snowline::text {
namespace {

constexpr std::size_t kSmallMap = 4;  // Map1 to Map4 keep the order of insertion

}  // namespace

std::int32_t java_hash(std::string_view text) {
    std::uint32_t hash = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            hash = hash * 31 + static_cast<unsigned char>(text[at++]);
            continue;
        }
        const std::uint32_t code = decode_utf8(text, at);
        if (code >= 0x10000) {
            hash = hash * 31 + (0xd800 + ((code - 0x10000) >> 10));
            hash = hash * 31 + (0xdc00 + ((code - 0x10000) & 0x3ff));
        } else {
            hash = hash * 31 + code;
        }
    }
    return static_cast<std::int32_t>(hash);
}

// The trie branches on five bits a level, the least significant first, and visits each level's
// branches in ascending order; so the groups in reverse order are a sort key.
std::uint64_t scala_map_place(std::int32_t java_hash) {
    auto hash = static_cast<std::uint32_t>(java_hash);
    hash += ~(hash << 9);
    hash ^= hash >> 14;
    hash += hash << 4;
    hash ^= hash >> 10;
    std::uint64_t place = 0;
    for (int level = 0; level < 7; ++level) place = place << 5 | (hash >> (level * 5) & 31);
    return place;
}

std::vector<std::uint32_t> scala_map_order(std::span<const std::string_view> names) {
    std::vector<std::int32_t> hashes;
    if (names.size() > kSmallMap) {
        for (const auto name : names) hashes.push_back(java_hash(name));
    } else {
        hashes.resize(names.size());
    }
    return scala_map_order(hashes);
}

std::vector<std::uint32_t> scala_map_order(std::span<const std::int32_t> hashes) {
    std::vector<std::uint32_t> order(hashes.size());
    std::iota(order.begin(), order.end(), 0U);
    if (hashes.size() <= kSmallMap) return order;
    std::vector<std::uint64_t> places;
    places.reserve(hashes.size());
    for (const auto hash : hashes) places.push_back(scala_map_place(hash));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return places[a] < places[b]; });
    return order;
}

// MurmurHash3 of 32 bits over the fields' hashes, from a seed of Scala's own.
std::int32_t scala_case_class_hash(std::span<const std::int32_t> fields) {
    std::uint32_t hash = 0xcafebabe;
    for (const std::int32_t field : fields) {
        std::uint32_t mixed = static_cast<std::uint32_t>(field) * 0xcc9e2d51;
        mixed = std::rotl(mixed, 15) * 0x1b873593;
        hash = std::rotl(hash ^ mixed, 13) * 5 + 0xe6546b64;
    }
    hash ^= static_cast<std::uint32_t>(fields.size());
    hash ^= hash >> 16;
    hash *= 0x85ebca6b;
    hash ^= hash >> 13;
    hash *= 0xc2b2ae35;
    hash ^= hash >> 16;
    return static_cast<std::int32_t>(hash);
}

std::int32_t scala_option_hash(const std::optional<std::string_view>& text) {
    if (!text) return java_hash("None");
    const std::int32_t fields[] = {java_hash(*text)};
    return scala_case_class_hash(fields);
}

}  // namespace snowline::text
