#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace snowline::text {

/// The names of an enumeration's values, in the order in which messages list them, for enumerations
/// that are parsed as well as printed. For printing alone a switch is better: the compiler reports
/// a missing value.
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

    /// Empty where the table does not have the value.
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
