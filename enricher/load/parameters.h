#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace snowline::enricher {

/// `a=1` has a value, `a=` the empty value, `a` no value.
struct Parameter {
    std::string_view name;
    std::optional<std::string_view> value;

    bool operator==(const Parameter&) const = default;
};

/// The parameters of one event: a map in which the last value of a name counts. Iterates in the
/// order of insertion (a value set again stays at the first one's place); where an output shows the
/// reference's order, use `in_reference_order`. Borrows its texts.
class Parameters {
public:
    Parameters() = default;
    explicit Parameters(const std::vector<Parameter>& pairs);

    void reserve(std::size_t entries) { entries_.reserve(entries); }
    void set(std::string_view name, std::optional<std::string_view> value);
    void erase(std::string_view name);

    /// The entry of that name, with or without a value; nullptr where there is none.
    const Parameter* find(std::string_view name) const;
    /// The value of that name, where it has one.
    std::optional<std::string_view> value(std::string_view name) const;

    bool empty() const { return entries_.empty(); }
    std::size_t size() const { return entries_.size(); }
    auto begin() const { return entries_.begin(); }
    auto end() const { return entries_.end(); }

    /// In the order of a Scala 2.12 immutable map: up to four entries as inserted; once there were
    /// five, in the order of its hash trie, also after entries were erased.
    std::vector<Parameter> in_reference_order() const;

private:
    std::size_t position(std::string_view name) const;

    std::vector<Parameter> entries_;
    std::unordered_map<std::string_view, std::size_t> index_;  // only where there are many
    bool hashed_ = false;                                      // had five entries at some time
};

}  // namespace snowline::enricher
