#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace snowline::iglu::schema {

/// Which of a fixed set of names is this? Open addressing; slots and names lie in one block, names
/// in their order, so that few cache lines are touched. Immutable once filled, but for the tags.
class NameTable {
public:
    static constexpr std::uint32_t kAbsent = UINT32_MAX;

    NameTable() : NameTable(std::span<const std::string_view>{}) {}
    /// find gives a name's index (of a name that is there twice, the first one's).
    explicit NameTable(std::span<const std::string_view> names);

    std::uint32_t size() const { return size_; }
    std::string name(std::uint32_t index) const;
    std::uint32_t find(std::string_view name) const { return view().look_up(name).index; }
    /// What `look_up` gives with the name, for the caller's use.
    void tag(std::uint32_t index, std::uint32_t tag);

private:
    /// The first and the last (up to) eight bytes, which may overlap: with the size they are all of
    /// a name of up to 16 bytes.
    struct Ends {
        std::uint64_t first = 0, last = 0;
    };
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t at = 0;  // where the entry is, in the block; the unused one's for no name
    };

public:
    /// The text's middle, what is in neither end, lies behind the entry of a longer name.
    struct Entry {
        Ends ends;
        std::uint32_t size = 0;
        std::uint32_t index = kAbsent;
        std::uint32_t tag = 0;
        std::uint32_t unused = 0;
    };

    /// All that a look-up needs; lives as long as the table.
    class View {
    public:
        /// Where there is no such name: an entry whose index is kAbsent, and whose tag is 0.
        [[gnu::always_inline]] const Entry& look_up(std::string_view name) const {
            const Ends ends = ends_of(name);
            const std::uint32_t hash = hash_of(ends, name.size());
            const auto* const slots = reinterpret_cast<const Slot*>(block_);
            for (std::uint32_t at = hash & mask_;; at = (at + 1) & mask_) {
                const Slot slot = slots[at];
                const auto& entry = *reinterpret_cast<const Entry*>(block_ + slot.at);
                if (slot.hash == hash && is(entry, ends, name)) return entry;
                if (slot.at == unused_at(mask_)) return entry;
            }
        }

    private:
        friend class NameTable;
        const std::byte* block_ = nullptr;
        std::uint32_t mask_ = 0;
    };
    View view() const;

private:
    template <class Integer>
    static Integer bytes(const char* at) {
        Integer value = 0;
        std::memcpy(&value, at, sizeof value);
        return value;
    }

    [[gnu::always_inline]] static Ends ends_of(std::string_view name) {
        const char* const begin = name.data();
        const char* const end = begin + name.size();
        if (name.size() >= 8) return {bytes<std::uint64_t>(begin), bytes<std::uint64_t>(end - 8)};
        if (name.size() >= 4) return {bytes<std::uint32_t>(begin), bytes<std::uint32_t>(end - 4)};
        if (name.empty()) return {};
        return {static_cast<unsigned char>(*begin),
                static_cast<std::uint64_t>(static_cast<unsigned char>(begin[name.size() / 2]))
                        << 8 |
                    static_cast<unsigned char>(end[-1])};
    }

    // Good enough to tell the names of one schema apart; a schema of names made to collide is
    // searched in order, which its size limit bounds.
    [[gnu::always_inline]] static std::uint32_t hash_of(Ends ends, std::size_t size) {
        const std::uint64_t mixed = (ends.first + 2 * ends.last + size) * 0x9E3779B97F4A7C15U;
        return static_cast<std::uint32_t>(mixed >> 32);
    }

    // (The unused entry has all of the empty name but its index.)
    [[gnu::always_inline]] static bool is(const Entry& entry, Ends ends, std::string_view name) {
        return entry.ends.first == ends.first && entry.ends.last == ends.last &&
               entry.size == name.size() && (name.size() <= 16 || same_middle(entry, name));
    }

    // Of names of more than 16 bytes whose ends are the same.
    static bool same_middle(const Entry& entry, std::string_view name) {
        const auto* const middle = reinterpret_cast<const char*>(&entry + 1);
        const std::size_t size = name.size() - 16;
        const char* const other = name.data() + 8;
        // Both texts go on for eight bytes at least: the entry is padded, the name has its end.
        if (size > 8) return std::memcmp(middle, other, size) == 0;
        const std::uint64_t differ = bytes<std::uint64_t>(middle) ^ bytes<std::uint64_t>(other);
        return differ << (64 - 8 * size) == 0;
    }

    // The unused entry is behind the slots.
    static constexpr std::uint32_t unused_at(std::uint32_t mask) {
        return (mask + 1) * static_cast<std::uint32_t>(sizeof(Slot));
    }

    Entry& entry(std::uint32_t index) const;

    std::unique_ptr<std::byte[]> block_;  // slots, the unused entry, entries, where each of them is
    std::uint32_t mask_ = 0, size_ = 0;
    std::uint32_t index_at_ = 0;
};

inline NameTable::View NameTable::view() const {
    View view;
    view.block_ = block_.get();
    view.mask_ = mask_;
    return view;
}

}  // namespace snowline::iglu::schema
