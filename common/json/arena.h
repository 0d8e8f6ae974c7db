#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace snowline::json {

/// Memory for the values of one record. An allocation only moves a pointer; all of it is freed at
/// once. `reset` keeps the blocks for reuse. Destructors are not called: only for trivially
/// destructible types. One thread.
class Arena {
public:
    explicit Arena(std::size_t block_bytes = 64 * 1024) : block_bytes_(block_bytes) {}
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    Arena(Arena&&) = default;
    Arena& operator=(Arena&&) = default;

    void* allocate(std::size_t bytes, std::size_t alignment) {
        auto at = (reinterpret_cast<std::uintptr_t>(next_) + alignment - 1) & ~(alignment - 1);
        if (next_ == nullptr || at + bytes > reinterpret_cast<std::uintptr_t>(end_)) {
            grow(bytes + alignment);
            at = (reinterpret_cast<std::uintptr_t>(next_) + alignment - 1) & ~(alignment - 1);
        }
        next_ = reinterpret_cast<char*>(at + bytes);
        return reinterpret_cast<void*>(at);
    }

    template <class T>
    T* allocate_array(std::size_t count) {
        return static_cast<T*>(allocate(sizeof(T) * count, alignof(T)));
    }

    template <class T>
    std::span<const T> copy(std::span<const T> items) {
        if (items.empty()) return {};
        T* out = allocate_array<T>(items.size());
        std::uninitialized_copy(items.begin(), items.end(), out);
        return {out, items.size()};
    }

    std::string_view copy(std::string_view text) {
        const auto chars = copy(std::span<const char>(text.data(), text.size()));
        return {chars.data(), chars.size()};
    }

    /// Invalidates all values in the arena. Keeps blocks of the ordinary size, frees larger ones.
    void reset();

private:
    struct Block {
        std::unique_ptr<char[]> bytes;
        std::size_t size;
    };

    void grow(std::size_t at_least);

    std::size_t block_bytes_;
    std::vector<Block> blocks_;
    std::size_t used_ = 0;  // blocks_[0, used_) are in use
    char* next_ = nullptr;
    char* end_ = nullptr;
};

}  // namespace snowline::json
