#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::iglu::validate {

/// Which of a fixed set of names is this? Open addressing; slots and names lie in one piece of
/// memory, packed, so that few cache lines are touched. Immutable once filled, but for the tags.
class NameTable {
public:
    static constexpr std::uint32_t kAbsent = UINT32_MAX;
    /// The lowest bits of a tag are the table's own; the caller's are above them.
    static constexpr unsigned kOwnBits = 12;
    /// Bits that are 0 in what `look_up` gives, whatever the tag: one of the table's own.
    static constexpr std::uint32_t kNeverSet = 1U << (kOwnBits - 1);

    NameTable() : NameTable(std::span<const std::string_view>{}) {}
    /// find gives a name's index (of a name that is there twice, the first one's).
    explicit NameTable(std::span<const std::string_view> names);
    NameTable(NameTable&&) noexcept = default;
    NameTable& operator=(NameTable&&) noexcept = default;

    std::uint32_t size() const { return static_cast<std::uint32_t>(places_.size()); }
    std::string name(std::uint32_t index) const;
    std::uint32_t find(std::string_view name) const;
    /// What `look_up` gives with the name, for the caller's use.
    void tag(std::uint32_t index, std::uint32_t tag);

    /// The piece of memory, aligned to kAlignment. It can be moved: what is in it is relative.
    static constexpr std::size_t kAlignment = 8;
    std::span<const std::byte> bytes() const { return {bytes_, bytes_size_}; }
    /// A copy of `bytes` is there from now on, and is what is read: the table's own is given up.
    void moved_to(const std::byte* place);

private:
    /// The first and the last (up to) eight bytes, which may overlap: with the size they are all of
    /// a name of up to 16 bytes, and `first` is all of one of up to eight.
    struct Ends {
        std::uint64_t first = 0, last = 0;
    };

public:
    /// How to read the memory; goes where it goes.
    struct Shape {
        std::uint32_t mask = 0;
        /// Slots have 16 bits; 32 where the names take more than such can say.
        bool wide = false;

        bool operator==(const Shape&) const = default;
    };
    Shape shape() const { return shape_; }

    /// Reads memory of that shape.
    class View {
    public:
        View(const std::byte* bytes, Shape shape)
            : bytes_(bytes), mask_(shape.mask), common_below_(shape.wide ? 0 : kSizeMax) {}

        /// The name's tag and, in its kOwnBits, nothing to rely on; 0 where there is no such name.
        [[gnu::always_inline]] std::uint32_t look_up(std::string_view name) const {
            return load<std::uint32_t>(bytes_ + entry_of(name));
        }

    private:
        friend class NameTable;

        // Where the name's entry is, or the unused slots'.
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
        // Of a name that is as long, or of any where the slots are wide, `rare_entry_of` knows.
        std::uint32_t common_below_;
    };
    View view() const { return {bytes_, shape_}; }

private:
    // An entry, at a multiple of kUnit: its head, that is the tag and the size, as far as that can
    // be said in kSizeMax; the first end; if the name has more than eight bytes the last end; if
    // more than 16 the whole size and the middle.
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

    // Good enough to tell the names of one schema apart; a schema of names made to collide is
    // searched in order, which its size limit bounds.
    [[gnu::always_inline]] static std::uint32_t hash_of(Ends ends, std::size_t size) {
        const std::uint64_t mixed = (ends.first + 2 * ends.last + size) * 0x9E3779B97F4A7C15U;
        return static_cast<std::uint32_t>(mixed >> 32);
    }

    static constexpr std::uint32_t size_in_head(std::size_t size) {
        return static_cast<std::uint32_t>(size < kSizeMax ? size : kSizeMax);
    }

    // First of all comes the unused slots' entry: all of it is 0, as in an empty name's.
    static constexpr std::uint32_t kUnusedAt = 0, kSlotsAt = kLastAt;

    [[gnu::always_inline]] static bool is(const std::byte* entry, Ends ends,
                                          std::uint32_t size_in_head, std::string_view name) {
        if (load<std::uint64_t>(entry + kFirstAt) != ends.first) return false;
        if ((load<std::uint32_t>(entry) & kSizeMax) != size_in_head) return false;
        if (name.size() <= 8) return true;
        if (load<std::uint64_t>(entry + kLastAt) != ends.last) return false;
        return name.size() <= 16 || same_middle(entry, name);
    }

    // Of names of more than 16 bytes whose ends are the same.
    static bool same_middle(const std::byte* entry, std::string_view name) {
        if (load<std::uint32_t>(entry + kSizeAt) != name.size()) return false;
        const std::size_t size = name.size() - 16;
        const char* const other = name.data() + 8;
        // Both texts go on for eight bytes at least: the memory is padded, the name has its end.
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
