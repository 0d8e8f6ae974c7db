#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace snowline::text {

/// The names of an enumeration's values, in the order in which people are shown them, for those
/// that are written and read. Where a name is only written a switch is better: it does not compile
/// when a value is missing.
///
///     constexpr text::NameTable<Fruit, 2> kFruits{{{"apple", Fruit::kApple},
///                                                  {"pear", Fruit::kPear}}};
template <class Enum, std::size_t N>
class NameTable {
public:
    using Pair = std::pair<std::string_view, Enum>;

    consteval explicit NameTable(const Pair (&pairs)[N]) {
        for (std::size_t i = 0; i < N; ++i) {
            if (pairs[i].first.empty()) throw "N is larger than the list";
            pairs_[i] = pairs[i];
        }
    }

    /// Empty where the value is not in it.
    constexpr std::string_view name_of(Enum value) const {
        for (const Pair& pair : pairs_) {
            if (pair.second == value) return pair.first;
        }
        return {};
    }

    constexpr std::optional<Enum> find(std::string_view name) const {
        for (const Pair& pair : pairs_) {
            if (pair.first == name) return pair.second;
        }
        return std::nullopt;
    }

    constexpr auto begin() const { return pairs_.begin(); }
    constexpr auto end() const { return pairs_.end(); }

private:
    std::array<Pair, N> pairs_{};
};

}  // namespace snowline::text
