#include "iglu/validate/name_table.h"

#include "common/check.h"

#include <algorithm>
#include <bit>

namespace snowline::iglu::validate {
namespace {

constexpr std::size_t kEnds = 16;    // bytes of a name that its ends hold
constexpr std::size_t kPadding = 8;  // bytes that may be read behind the last entry

std::uint32_t padded(std::size_t size, std::size_t unit) {
    return static_cast<std::uint32_t>((size + unit - 1) / unit * unit);
}

}  // namespace

NameTable::NameTable(std::span<const std::string_view> names) {
    shape_.mask = static_cast<std::uint32_t>(std::bit_ceil(names.size() * 3 / 2 + 1)) - 1;
    const auto entry_bytes = [](std::string_view name) {
        if (name.size() <= kEnds) return name.size() > 8 ? kSizeAt : kLastAt;
        return kMiddleAt + padded(name.size() - kEnds, kUnit);
    };
    const auto slots_end = [&](std::size_t slot_bytes) {
        return padded(kSlotsAt + (shape_.mask + std::size_t{1}) * slot_bytes, kUnit);
    };
    std::size_t all = slots_end(sizeof(std::uint16_t));
    for (const std::string_view name : names) all += entry_bytes(name);
    shape_.wide = all / kUnit > UINT16_MAX;

    std::uint32_t end = slots_end(shape_.wide ? sizeof(std::uint32_t) : sizeof(std::uint16_t));
    for (const std::string_view name : names) {
        places_.push_back(end);
        end += entry_bytes(name);
    }
    own_.resize(padded(end + kPadding, sizeof(std::uint64_t)) / sizeof(std::uint64_t));
    auto* const bytes = reinterpret_cast<std::byte*>(own_.data());
    bytes_ = bytes;
    bytes_size_ = own_.size() * sizeof(std::uint64_t);

    std::vector<std::uint32_t> slots(shape_.mask + 1, kUnusedAt);
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        put(bytes + places_[i], names[i]);
        std::uint32_t slot = hash_of(ends_of(names[i]), names[i].size()) & shape_.mask;
        while (slots[slot] != kUnusedAt) slot = (slot + 1) & shape_.mask;
        slots[slot] = places_[i] / kUnit;
    }
    std::byte* const begin = bytes + kSlotsAt;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const auto narrow = static_cast<std::uint16_t>(slots[i]);
        if (shape_.wide) {
            std::memcpy(begin + i * sizeof slots[i], &slots[i], sizeof slots[i]);
        } else {
            std::memcpy(begin + i * sizeof narrow, &narrow, sizeof narrow);
        }
    }
}

std::uint32_t NameTable::View::rare_entry_of(std::string_view name) const {
    const std::uint32_t size = size_in_head(name.size());
    return common_below_ == 0 ? entry_of<std::uint32_t>(name, size)
                              : entry_of<std::uint16_t>(name, size);
}

void NameTable::put(std::byte* entry, std::string_view name) const {
    const Ends ends = ends_of(name);
    const std::uint32_t head = size_in_head(name.size());
    std::memcpy(entry, &head, sizeof head);
    std::memcpy(entry + kFirstAt, &ends.first, sizeof ends.first);
    if (name.size() > 8) std::memcpy(entry + kLastAt, &ends.last, sizeof ends.last);
    if (name.size() <= kEnds) return;
    const auto size = static_cast<std::uint32_t>(name.size());
    std::memcpy(entry + kSizeAt, &size, sizeof size);
    std::memcpy(entry + kMiddleAt, name.data() + 8, name.size() - kEnds);
}

std::uint32_t NameTable::find(std::string_view name) const {
    const std::uint32_t at = view().entry_of(name);
    if (at == kUnusedAt) return kAbsent;
    const auto place = std::lower_bound(places_.begin(), places_.end(), at);
    return static_cast<std::uint32_t>(place - places_.begin());
}

void NameTable::tag(std::uint32_t index, std::uint32_t tag) {
    SNOWLINE_CHECK(!own_.empty() && tag >> kOwnBits << kOwnBits == tag);
    auto* const entry = reinterpret_cast<std::byte*>(own_.data()) + places_[index];
    const std::uint32_t head = tag | (load<std::uint32_t>(entry) & kSizeMax);
    std::memcpy(entry, &head, sizeof head);
}

void NameTable::moved_to(const std::byte* place) {
    bytes_ = place;
    std::vector<std::uint64_t>().swap(own_);
}

std::string NameTable::name(std::uint32_t index) const {
    const std::byte* const entry = bytes_ + places_[index];
    std::size_t size = load<std::uint32_t>(entry) & kSizeMax;
    if (size > kEnds) size = load<std::uint32_t>(entry + kSizeAt);
    std::string name(size, '\0');
    const auto put = [&](std::size_t at, const void* from, std::size_t bytes) {
        std::memcpy(name.data() + at, from, bytes);
    };
    const std::byte* const first = entry + kFirstAt;
    if (size >= 8) {
        put(0, first, 8);
        if (size > kEnds) put(8, entry + kMiddleAt, size - kEnds);
        if (size > 8) put(size - 8, entry + kLastAt, 8);
    } else if (size >= 4) {
        put(0, first, 4);
        put(size - 4, first + 4, 4);
    } else if (size > 0) {
        put(0, first, 1);
        put(size / 2, first + 1, 1);
        put(size - 1, first + 2, 1);
    }
    return name;
}

}  // namespace snowline::iglu::validate
