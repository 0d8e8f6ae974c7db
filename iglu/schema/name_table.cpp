#include "iglu/schema/name_table.h"

#include <algorithm>
#include <bit>
#include <new>
#include <vector>

namespace snowline::iglu::schema {
namespace {

constexpr std::size_t kEnds = 16;  // bytes of a name that its entry holds

}  // namespace

NameTable::NameTable(std::span<const std::string_view> names) {
    static_assert(sizeof(Entry) == 32 && sizeof(Slot) == 8);
    const auto slots = static_cast<std::uint32_t>(std::bit_ceil(names.size() * 3 / 2 + 1));
    mask_ = slots - 1;
    size_ = static_cast<std::uint32_t>(names.size());
    std::vector<std::uint32_t> where;
    auto end = static_cast<std::uint32_t>(unused_at(mask_) + sizeof(Entry));
    for (const std::string_view name : names) {
        where.push_back(end);
        const std::size_t middle = name.size() > kEnds ? name.size() - kEnds : 0;
        end += static_cast<std::uint32_t>(sizeof(Entry) + (middle + 7) / 8 * 8);
    }
    index_at_ = end;
    block_ = std::make_unique<std::byte[]>(index_at_ + where.size() * sizeof(std::uint32_t));

    Slot* const table = reinterpret_cast<Slot*>(block_.get());
    std::fill_n(table, slots, Slot{.hash = 0, .at = unused_at(mask_)});
    new (block_.get() + unused_at(mask_)) Entry;
    for (std::uint32_t i = 0; i < size_; ++i) {
        const std::string_view name = names[i];
        const auto size = static_cast<std::uint32_t>(name.size());
        std::memcpy(block_.get() + index_at_ + i * sizeof where[i], &where[i], sizeof where[i]);
        std::byte* const place = block_.get() + where[i];
        new (place) Entry{.ends = ends_of(name), .size = size, .index = i};
        if (size > kEnds) std::memcpy(place + sizeof(Entry), name.data() + 8, size - kEnds);
        const std::uint32_t hash = hash_of(ends_of(name), size);
        std::uint32_t at = hash & mask_;
        while (table[at].at != unused_at(mask_)) at = (at + 1) & mask_;
        table[at] = {.hash = hash, .at = where[i]};
    }
}

NameTable::Entry& NameTable::entry(std::uint32_t index) const {
    std::uint32_t at = 0;
    std::memcpy(&at, block_.get() + index_at_ + index * sizeof at, sizeof at);
    return *reinterpret_cast<Entry*>(block_.get() + at);
}

void NameTable::tag(std::uint32_t index, std::uint32_t tag) {
    entry(index).tag = tag;
}

std::string NameTable::name(std::uint32_t index) const {
    const Entry& of = entry(index);
    std::string name(of.size, '\0');
    const auto put = [&](std::size_t at, const void* from, std::size_t size) {
        std::memcpy(name.data() + at, from, size);
    };
    const std::size_t end = name.size();
    if (end >= 8) {
        put(0, &of.ends.first, 8);
        if (end > kEnds) put(8, &of + 1, end - kEnds);
        put(end - 8, &of.ends.last, 8);
    } else if (end >= 4) {
        put(0, &of.ends.first, 4);
        put(end - 4, &of.ends.last, 4);
    } else if (end > 0) {
        put(0, &of.ends.first, 1);
        name[end / 2] = static_cast<char>(of.ends.last >> 8);
        name[end - 1] = static_cast<char>(of.ends.last & 0xFF);
    }
    return name;
}

}  // namespace snowline::iglu::schema
