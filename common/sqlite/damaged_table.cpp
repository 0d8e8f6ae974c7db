#include "common/sqlite/damaged_table.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace snowline::log::sqlite {
namespace {

constexpr char kInterior = 5, kLeaf = 13, kIndexInterior = 2, kIndexLeaf = 10;
constexpr int kDepthMax = 20;
constexpr std::uint64_t kPayloadBytesMax = std::uint64_t{1} << 30;

std::size_t header_at(std::uint32_t page) {
    return page == 1 ? 100 : 0;
}

/// A number of 1 to 9 bytes; moves `at` behind it. nullopt: `bytes` ends before.
std::optional<std::uint64_t> read_varint(std::string_view bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (int i = 0; i < 9; ++i, ++at) {
        if (at >= bytes.size()) return std::nullopt;
        const auto byte = static_cast<unsigned char>(bytes[at]);
        if (i == 8) {
            ++at;
            return value << 8 | byte;
        }
        value = value << 7 | (byte & 0x7fU);
        if ((byte & 0x80U) == 0) {
            ++at;
            return value;
        }
    }
    return std::nullopt;
}

std::int64_t read_signed(std::string_view bytes) {
    std::uint64_t value = !bytes.empty() && (bytes[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(value);
}

/// One value; moves `at` behind it. nullopt: the type is none of ours, or `bytes` ends before.
std::optional<DamagedTables::Value> read_value(std::uint64_t type, std::string_view bytes,
                                               std::size_t& at) {
    constexpr std::size_t kIntegerBytes[] = {0, 1, 2, 3, 4, 6, 8};
    if (type == 0) return DamagedTables::Value{};
    if (type == 8 || type == 9) return DamagedTables::Value{static_cast<std::int64_t>(type - 8)};
    if (type == 7 || type == 10 || type == 11) return std::nullopt;
    const std::size_t size = type < 7 ? kIntegerBytes[type] : (type - 12) / 2;
    if (size > bytes.size() - at) return std::nullopt;
    const auto part = bytes.substr(at, size);
    at += size;
    if (type < 7) return DamagedTables::Value{read_signed(part)};
    return DamagedTables::Value{std::string(part)};
}

/// The values of a payload; nullopt where it is none: its sizes must be right to the byte.
std::optional<std::vector<DamagedTables::Value>> read_values(std::string_view payload) {
    std::size_t at = 0;
    const auto header_bytes = read_varint(payload, at);
    if (!header_bytes || *header_bytes < at || *header_bytes > payload.size()) return std::nullopt;
    const auto header = payload.substr(0, *header_bytes);
    std::vector<DamagedTables::Value> values;
    std::size_t value_at = *header_bytes;
    while (at < header.size()) {
        const auto type = read_varint(header, at);
        if (!type) return std::nullopt;
        auto value = read_value(*type, payload, value_at);
        if (!value) return std::nullopt;
        values.push_back(*std::move(value));
    }
    if (value_at != payload.size()) return std::nullopt;
    return values;
}

/// Where a page's cells begin, in order; empty where the page is none of a tree.
std::optional<std::vector<std::size_t>> cells_of(std::uint32_t number, const std::string& page) {
    const std::size_t header = header_at(number);
    const bool is_interior = page[header] == kInterior || page[header] == kIndexInterior;
    const std::size_t pointers = header + (is_interior ? 12 : 8);
    const std::size_t count = read_u16(page, header + 3);
    if (pointers + 2 * count > page.size()) return std::nullopt;
    std::vector<std::size_t> cells;
    for (std::size_t i = 0; i < count; ++i) cells.push_back(read_u16(page, pointers + 2 * i));
    const std::size_t cells_min = pointers + 2 * count;
    const bool all_inside = std::all_of(cells.begin(), cells.end(), [&](std::size_t at) {
        return at >= cells_min && at + 4 <= page.size();
    });
    if (!all_inside) return std::nullopt;
    return cells;
}

}  // namespace

DamagedTables::DamagedTables(const PageFile& file) : file_(file) {}

std::vector<Damage> DamagedTables::read(std::uint32_t root, const IsRow& is_row,
                                        const OnRow& on_row) {
    is_row_ = &is_row;
    on_row_ = &on_row;
    damage_.clear();
    walk(root, {}, 0);
    return std::exchange(damage_, {});
}

bool DamagedTables::read_rest(const std::vector<Damage>& damage, const IsRow& is_row,
                              const OnRow& on_row) {
    if (damage.empty()) return true;
    if (!file_.unused()) return false;
    const auto& unused = *file_.unused();
    const OnRow if_lost = [&](Row row) {
        const bool was_lost = std::any_of(damage.begin(), damage.end(), [&](const Damage& one) {
            return one.first <= row.id && row.id <= one.last;
        });
        if (was_lost) on_row(std::move(row));
    };
    is_row_ = &is_row;
    on_row_ = &if_lost;
    for (std::uint32_t number = 2; number <= file_.pages(); ++number) {
        if (seen_.contains(number)) continue;
        if (std::binary_search(unused.begin(), unused.end(), number)) continue;
        const auto page = file_.page(number);
        if (page && (*page)[0] == kLeaf) read_leaf(number, *page, {});
    }
    damage_.clear();
    return true;
}

void DamagedTables::lost(std::uint32_t page, Bounds bounds, std::string what) {
    if (bounds.above >= bounds.up_to) return;
    const bool is_open = bounds.above == std::numeric_limits<std::int64_t>::min();
    damage_.push_back({.page = page,
                       .first = is_open ? bounds.above : bounds.above + 1,
                       .last = bounds.up_to,
                       .what = std::move(what)});
}

void DamagedTables::walk(std::uint32_t number, Bounds bounds, int depth) {
    if (depth > kDepthMax || !seen_.insert(number).second) {
        return lost(number, bounds, "is in two places of the tree");
    }
    const auto page = file_.page(number);
    if (!page) {
        const bool is_behind = number > file_.pages();
        return lost(number, bounds, is_behind ? "was cut off" : "cannot be read");
    }
    const char kind = (*page)[header_at(number)];
    if (kind == kInterior) return walk_interior(number, *page, bounds, depth);
    if (kind == kLeaf) return read_leaf(number, *page, bounds);
    lost(number, bounds, "is damaged");
}

void DamagedTables::walk_interior(std::uint32_t number, const std::string& page, Bounds bounds,
                                  int depth) {
    struct Child {
        std::uint32_t page;
        Bounds bounds;
    };
    std::vector<Child> children;
    const auto cells = cells_of(number, page);
    bool is_sound = cells.has_value();
    std::int64_t above = bounds.above;
    for (std::size_t i = 0; is_sound && i < cells->size(); ++i) {
        std::size_t at = (*cells)[i] + 4;
        const auto key = read_varint(page, at);
        const auto up_to = static_cast<std::int64_t>(key.value_or(0));
        is_sound = key && up_to > above && up_to <= bounds.up_to;
        children.push_back({read_u32(page, (*cells)[i]), {above, up_to}});
        above = up_to;
    }
    children.push_back({read_u32(page, header_at(number) + 8), {above, bounds.up_to}});
    const std::uint32_t pages_max = std::max(file_.pages(), file_.pages_expected());
    is_sound = is_sound && std::all_of(children.begin(), children.end(), [&](const Child& child) {
                   return child.page >= 2 && child.page <= pages_max;
               });
    if (!is_sound) return lost(number, bounds, "is damaged");
    for (const Child& child : children) walk(child.page, child.bounds, depth + 1);
}

void DamagedTables::read_leaf(std::uint32_t number, const std::string& page, Bounds bounds) {
    const auto cells = cells_of(number, page);
    if (!cells) return lost(number, bounds, "is damaged");
    // A damaged cell hides the ids between its neighbours.
    bool hides = false;
    for (const std::size_t at : *cells) {
        auto row = read_cell(page, at);
        const bool is_one = row && row->id > bounds.above && row->id <= bounds.up_to;
        if (!is_one || !(*is_row_)(*row)) {
            hides = true;
            continue;
        }
        if (hides) lost(number, {bounds.above, row->id - 1}, "has a damaged row");
        hides = false;
        bounds.above = row->id;
        (*on_row_)(*std::move(row));
    }
    if (hides) lost(number, bounds, "has a damaged row");
}

std::optional<DamagedTables::Row> DamagedTables::read_cell(const std::string& page,
                                                           std::size_t at) {
    const auto bytes = read_varint(page, at);
    const auto id = bytes ? read_varint(page, at) : std::nullopt;
    if (!id || *bytes > kPayloadBytesMax) return std::nullopt;
    auto values = read_values_at(page, at, *bytes, file_.usable_bytes() - 35);
    if (!values) return std::nullopt;
    return Row{.id = static_cast<std::int64_t>(*id), .values = *std::move(values)};
}

/// `here_max`: how many bytes of a row its page may have.
std::optional<std::vector<DamagedTables::Value>> DamagedTables::read_values_at(
    const std::string& page, std::size_t at, std::uint64_t bytes, std::uint64_t here_max) {
    std::set<std::uint32_t> further;
    const auto payload = read_payload(page, at, bytes, here_max, further);
    if (!payload) return std::nullopt;
    auto values = read_values(*payload);
    if (values) seen_.merge(further);
    return values;
}

bool DamagedTables::read_index(std::uint32_t root, const OnRow& on_row) {
    return walk_index(root, on_row, 0);
}

bool DamagedTables::walk_index(std::uint32_t number, const OnRow& on_row, int depth) {
    if (depth > kDepthMax || !seen_.insert(number).second) return false;
    const auto page = file_.page(number);
    if (!page) return false;
    const char kind = (*page)[header_at(number)];
    if (kind != kIndexInterior && kind != kIndexLeaf) return false;
    const auto cells = cells_of(number, *page);
    if (!cells) return false;
    const std::uint64_t here_max = (std::uint64_t{file_.usable_bytes()} - 12) * 64 / 255 - 23;
    bool is_whole = true;
    for (std::size_t at : *cells) {
        if (kind == kIndexInterior) {
            is_whole &= walk_index(read_u32(*page, at), on_row, depth + 1);
            at += 4;
        }
        const auto bytes = read_varint(*page, at);
        const bool is_one = bytes && *bytes <= kPayloadBytesMax;
        auto values = is_one ? read_values_at(*page, at, *bytes, here_max) : std::nullopt;
        is_whole &= values.has_value();
        if (values) on_row(Row{.id = 0, .values = *std::move(values)});
    }
    if (kind == kIndexLeaf) return is_whole;
    return walk_index(read_u32(*page, header_at(number) + 8), on_row, depth + 1) && is_whole;
}

/// What of a row is on its page, and then the pages on which it goes on: to the byte.
std::optional<std::string> DamagedTables::read_payload(const std::string& page, std::size_t at,
                                                       std::uint64_t bytes, std::uint64_t here_max,
                                                       std::set<std::uint32_t>& further) const {
    const std::uint64_t usable = file_.usable_bytes();
    const std::uint64_t here_min = (usable - 12) * 32 / 255 - 23;
    if (bytes <= here_max) {
        if (at + bytes > usable) return std::nullopt;
        return page.substr(at, bytes);
    }
    const std::uint64_t wanted = here_min + (bytes - here_min) % (usable - 4);
    const std::uint64_t here = wanted <= here_max ? wanted : here_min;
    if (at + here + 4 > usable) return std::nullopt;
    std::string payload = page.substr(at, here);
    std::uint32_t next = read_u32(page, at + here);
    while (payload.size() < bytes) {
        // A page belongs to one row.
        const bool is_taken = next < 2 || seen_.contains(next) || !further.insert(next).second;
        const auto more = is_taken ? std::nullopt : file_.page(next);
        if (!more) return std::nullopt;
        next = read_u32(*more, 0);
        payload.append(*more, 4, std::min<std::uint64_t>(usable - 4, bytes - payload.size()));
    }
    if (next != 0) return std::nullopt;
    return payload;
}

}  // namespace snowline::log::sqlite
