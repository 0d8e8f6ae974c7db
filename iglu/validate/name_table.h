#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::iglu::validate {

/// Maps a fixed set of names to indices. Open addressing; slots and names are packed into one block
/// of memory, so that a look-up touches few cache lines. Immutable once filled, except for the
/// tags.
class NameTable {
public:
    static constexpr std::uint32_t kAbsent = UINT32_MAX;
    /// The lowest bits of a tag are reserved for the table; the caller's are above them.
    static constexpr unsigned kOwnBits = 12;
    /// A bit that is 0 in every result of `look_up`, whatever the tag.
    static constexpr std::uint32_t kNeverSet = 1U << (kOwnBits - 1);

    NameTable() : NameTable(std::span<const std::string_view>{}) {}
    /// `find` returns a name's index; of a repeated name the first one's.
    explicit NameTable(std::span<const std::string_view> names);
    NameTable(NameTable&&) noexcept = default;
    NameTable& operator=(NameTable&&) noexcept = default;

    std::uint32_t size() const { return static_cast<std::uint32_t>(places_.size()); }
    std::string name(std::uint32_t index) const;
    std::uint32_t find(std::string_view name) const;
    /// Sets the caller's tag that `look_up` returns for the name.
    void tag(std::uint32_t index, std::uint32_t tag);

    /// The block of memory, aligned to kAlignment. Position-independent: it can be copied.
    static constexpr std::size_t kAlignment = 8;
    std::span<const std::byte> bytes() const { return {bytes_, bytes_size_}; }
    /// Uses the copy of `bytes` at `place` from now on, and frees the table's own block.
    void moved_to(const std::byte* place);

private:
    /// A name's first and last (up to) eight bytes, which may overlap: together with the size they
    /// determine a name of up to 16 bytes, and `first` alone one of up to eight.
    struct Ends {
        std::uint64_t first = 0, last = 0;
    };

public:
    /// The layout of the block, needed to read it.
    struct Shape {
        std::uint32_t mask = 0;
        /// Slots have 16 bits; 32 where the block is too large for them.
        bool wide = false;

        bool operator==(const Shape&) const = default;
    };
    Shape shape() const { return shape_; }

    /// Reads a block of that shape.
    class View {
    public:
        View(const std::byte* bytes, Shape shape)
            : bytes_(bytes), mask_(shape.mask), common_below_(shape.wide ? 0 : kSizeMax) {}

        /// The name's tag, whose lowest kOwnBits are undefined; 0 where the name is unknown.
        [[gnu::always_inline]] std::uint32_t look_up(std::string_view name) const {
            return load<std::uint32_t>(bytes_ + entry_of(name));
        }

    private:
        friend class NameTable;

        // The offset of the name's entry, or of the unused slots' entry.
        [[gnu::always_inline]] std::uint32_t entry_of(std::string_view name) const {
            if (name.size() >= common_below_) [[unlikely]]
                return rare_entry_of(name);
            return entry_of<std::uint16_t>(name, static_cast<std::uint32_t>(name.size()));
        }
        std::uint32_t rare_entry_of(std::string_view name) const;

        template <class Unit>
        [[gnu::always_inline]] std::uint32_t entry_of(std::string_view name,
                                                      std::uint32_t size_in_head) const {
            const Ends ends = ends_of(name);
            for (std::uint32_t slot = hash_of(ends, name.size());; ++slot) {
                slot &= mask_;
                const std::byte* const unit = bytes_ + kSlotsAt + slot * sizeof(Unit);
                const std::uint32_t at = load<Unit>(unit) * kUnit;
                if (is(bytes_ + at, ends, size_in_head, name)) return at;
                if (at == kUnusedAt) return at;
            }
        }

        const std::byte* bytes_;
        std::uint32_t mask_;
        // Names of this size and more, and all names of wide slots, go through `rare_entry_of`.
        std::uint32_t common_below_;
    };
    View view() const { return {bytes_, shape_}; }

private:
    // An entry, at a multiple of kUnit: its head (the tag, and the size or kSizeMax); the first
    // end; for more than eight bytes the last end; for more than 16 the whole size and the middle.
    static constexpr std::uint32_t kUnit = 4;
    static constexpr std::uint32_t kFirstAt = 4, kLastAt = 12, kSizeAt = 20, kMiddleAt = 24;
    static constexpr std::uint32_t kSizeMax = kNeverSet - 1;

    template <class Integer>
    static Integer load(const void* at) {
        Integer value = 0;
        std::memcpy(&value, at, sizeof value);
        return value;
    }

    [[gnu::always_inline]] static Ends ends_of(std::string_view name) {
        const char* const begin = name.data();
        const char* const end = begin + name.size();
        if (name.size() >= 8) return {load<std::uint64_t>(begin), load<std::uint64_t>(end - 8)};
        if (name.size() >= 4) {
            return {load<std::uint32_t>(begin) |
                        static_cast<std::uint64_t>(load<std::uint32_t>(end - 4)) << 32,
                    0};
        }
        if (name.empty()) return {};
        const auto byte = [](char c) { return std::uint64_t{static_cast<unsigned char>(c)}; };
        return {byte(*begin) | byte(begin[name.size() / 2]) << 8 | byte(end[-1]) << 16, 0};
    }

    // Suffices to separate the names of one schema; colliding names are searched linearly, which
    // the schema's size limit bounds.
    [[gnu::always_inline]] static std::uint32_t hash_of(Ends ends, std::size_t size) {
        const std::uint64_t mixed = (ends.first + 2 * ends.last + size) * 0x9E3779B97F4A7C15U;
        return static_cast<std::uint32_t>(mixed >> 32);
    }

    static constexpr std::uint32_t size_in_head(std::size_t size) {
        return static_cast<std::uint32_t>(size < kSizeMax ? size : kSizeMax);
    }

    // The block begins with the entry of unused slots: all zeros, like an empty name's.
    static constexpr std::uint32_t kUnusedAt = 0, kSlotsAt = kLastAt;

    [[gnu::always_inline]] static bool is(const std::byte* entry, Ends ends,
                                          std::uint32_t size_in_head, std::string_view name) {
        if (load<std::uint64_t>(entry + kFirstAt) != ends.first) return false;
        if ((load<std::uint32_t>(entry) & kSizeMax) != size_in_head) return false;
        if (name.size() <= 8) return true;
        if (load<std::uint64_t>(entry + kLastAt) != ends.last) return false;
        return name.size() <= 16 || same_middle(entry, name);
    }

    // Compares the middles of names of more than 16 bytes with equal ends.
    static bool same_middle(const std::byte* entry, std::string_view name) {
        if (load<std::uint32_t>(entry + kSizeAt) != name.size()) return false;
        const std::size_t size = name.size() - 16;
        const char* const other = name.data() + 8;
        // Both texts have at least eight more bytes: the block is padded, and the name has its end.
        if (size > 8) return std::memcmp(entry + kMiddleAt, other, size) == 0;
        const std::uint64_t differ =
            load<std::uint64_t>(entry + kMiddleAt) ^ load<std::uint64_t>(other);
        return differ << (64 - 8 * size) == 0;
    }

    void put(std::byte* entry, std::string_view name) const;

    std::vector<std::uint64_t> own_;  // as aligned bytes
    const std::byte* bytes_ = nullptr;
    std::size_t bytes_size_ = 0;
    std::vector<std::uint32_t> places_;  // of the entries, by index; ascending
    Shape shape_;
};

}  // namespace snowline::iglu::validate
