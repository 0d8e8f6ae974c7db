#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace snowline::iglu::schema {

/// Which of a fixed set of names is this? Open addressing; immutable once filled.
class NameTable {
public:
    static constexpr std::uint32_t kAbsent = UINT32_MAX;

    /// find gives a name's index (of a name that is there twice, the first one's).
    explicit NameTable(std::vector<std::string> names = {}) : names_(std::move(names)) {
        if (names_.empty()) return;
        slots_.resize(std::bit_ceil(names_.size() * 2));
        mask_ = slots_.size() - 1;
        for (std::uint32_t i = 0; i < names_.size(); ++i) {
            const Ends ends = ends_of(names_[i]);
            std::size_t at = place(ends, names_[i].size());
            while (slots_[at].index != kAbsent) at = (at + 1) & mask_;
            const auto size = static_cast<std::uint32_t>(names_[i].size());
            slots_[at] = {ends, names_[i].data(), size, i};
        }
    }
    NameTable(const NameTable&) = delete;
    NameTable& operator=(const NameTable&) = delete;
    NameTable(NameTable&&) = default;  // names_ keeps its buffer, which slots_ point into
    NameTable& operator=(NameTable&&) = default;

    std::uint32_t find(std::string_view name) const {
        const Slot* const slots = slots_.data();
        if (slots == nullptr) return kAbsent;
        const Ends ends = ends_of(name);
        for (std::size_t at = place(ends, name.size());; at = (at + 1) & mask_) {
            const Slot& slot = slots[at];
            if (slot.index == kAbsent) return kAbsent;
            if (slot.size != name.size() || slot.ends.first != ends.first ||
                slot.ends.last != ends.last) {
                continue;
            }
            if (name.size() <= 16 || same_middle(slot.text, name)) {
                return slot.index;
            }
        }
    }
    const std::vector<std::string>& names() const { return names_; }

private:
    /// The first and the last (up to) eight bytes, which may overlap: with the size they are all of
    /// a name of up to 16 bytes.
    struct Ends {
        std::uint64_t first = 0, last = 0;
    };
    struct Slot {
        Ends ends{};
        const char* text = nullptr;
        std::uint32_t size = 0;
        std::uint32_t index = kAbsent;
    };

    static Ends ends_of(std::string_view name) {
        Ends ends;
        const char* const end = name.data() + name.size();
        if (name.size() >= 8) {
            std::memcpy(&ends.first, name.data(), 8);
            std::memcpy(&ends.last, end - 8, 8);
        } else if (name.size() >= 4) {
            std::memcpy(&ends.first, name.data(), 4);
            std::memcpy(&ends.last, end - 4, 4);
        } else if (!name.empty()) {
            ends.first = static_cast<unsigned char>(name[0]);
            ends.last =
                static_cast<std::uint64_t>(static_cast<unsigned char>(name[name.size() / 2])) << 8 |
                static_cast<unsigned char>(end[-1]);
        }
        return ends;
    }

    // Of names of more than 16 bytes whose ends are the same.
    static bool same_middle(const char* text, std::string_view name) {
        for (std::size_t at = 8; at + 8 < name.size(); at += 8) {
            std::uint64_t left = 0, right = 0;
            const std::size_t from = std::min(at, name.size() - 8);
            std::memcpy(&left, text + from, 8);
            std::memcpy(&right, name.data() + from, 8);
            if (left != right) return false;
        }
        return true;
    }

    // Good enough to tell the names of one schema apart; a schema of names made to collide is
    // searched in order, which its size limit bounds.
    std::size_t place(Ends ends, std::size_t size) const {
        const std::uint64_t mixed =
            (ends.first ^ (ends.last << 7) ^ ends.last ^ size) * 0x9E3779B97F4A7C15U;
        return (mixed >> 32) & mask_;
    }

    std::vector<std::string> names_;
    std::vector<Slot> slots_;
    std::size_t mask_ = 0;
};

}  // namespace snowline::iglu::schema
