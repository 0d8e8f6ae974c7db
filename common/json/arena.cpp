#include "common/json/arena.h"

#include <algorithm>

namespace snowline::json {

void Arena::grow(std::size_t at_least) {
    while (used_ < blocks_.size() && blocks_[used_].size < at_least) ++used_;
    if (used_ == blocks_.size()) {
        const auto size = std::max(block_bytes_, at_least);
        blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
    }
    next_ = blocks_[used_].bytes.get();
    end_ = next_ + blocks_[used_].size;
    ++used_;
}

void Arena::reset() {
    // So that one large record does not keep its memory for ever.
    std::erase_if(blocks_, [this](const Block& block) { return block.size > block_bytes_; });
    constexpr std::size_t kBlocksKept = 64;
    if (blocks_.size() > kBlocksKept) blocks_.resize(kBlocksKept);
    used_ = 0;
    next_ = end_ = nullptr;
}

}  // namespace snowline::json
