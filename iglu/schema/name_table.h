#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::iglu::schema {

/// Which of a fixed set of names is this? Open addressing; immutable once filled.
class NameTable {
public:
    static constexpr std::uint32_t kAbsent = UINT32_MAX;

    /// `names` are different from each other; find gives their index.
    explicit NameTable(std::vector<std::string> names = {}) : names_(std::move(names)) {
        if (names_.empty()) return;
        slots_.resize(std::bit_ceil(names_.size() * 2));
        for (std::uint32_t i = 0; i < names_.size(); ++i) {
            std::size_t at = hash(names_[i]) & (slots_.size() - 1);
            while (!slots_[at].free()) at = (at + 1) & (slots_.size() - 1);
            slots_[at] = {names_[i].data(), static_cast<std::uint32_t>(names_[i].size()), i};
        }
    }
    NameTable(const NameTable&) = delete;
    NameTable& operator=(const NameTable&) = delete;
    NameTable(NameTable&&) = default;  // names_ keeps its buffer, which slots_ point into
    NameTable& operator=(NameTable&&) = default;

    std::uint32_t find(std::string_view name) const {
        if (slots_.empty()) return kAbsent;
        for (std::size_t at = hash(name) & (slots_.size() - 1);;
             at = (at + 1) & (slots_.size() - 1)) {
            const Slot& slot = slots_[at];
            if (slot.free()) return kAbsent;
            if (slot.size == name.size() && std::memcmp(slot.text, name.data(), name.size()) == 0) {
                return slot.index;
            }
        }
    }
    const std::vector<std::string>& names() const { return names_; }

private:
    struct Slot {
        const char* text = nullptr;
        std::uint32_t size = 0;
        std::uint32_t index = kAbsent;
        bool free() const { return index == kAbsent; }
    };

    // Length, first and last bytes tell the names of one schema apart well enough; a schema of
    // names made to collide is searched in order, which its size limit bounds.
    static std::uint64_t hash(std::string_view name) {
        std::uint64_t head = 0, tail = 0;
        if (name.size() >= 8) {
            std::memcpy(&head, name.data(), 8);
            std::memcpy(&tail, name.data() + name.size() - 8, 8);
        } else if (name.size() >= 4) {
            std::memcpy(&head, name.data(), 4);
            std::memcpy(&tail, name.data() + name.size() - 4, 4);
        } else if (!name.empty()) {
            head = static_cast<unsigned char>(name[0]);
            tail = static_cast<std::uint64_t>(static_cast<unsigned char>(name[name.size() / 2]))
                       << 8 |
                   static_cast<unsigned char>(name[name.size() - 1]);
        }
        const std::uint64_t mixed =
            (head * 0x9E3779B97F4A7C15U) ^ ((tail + name.size()) * 0xD6E8FEB86659FD93U);
        return mixed ^ (mixed >> 32);
    }

    std::vector<std::string> names_;
    std::vector<Slot> slots_;
};

}  // namespace snowline::iglu::schema
