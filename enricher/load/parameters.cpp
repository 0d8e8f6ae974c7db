#include "enricher/load/parameters.h"

#include "common/text/java_map_order.h"

#include <algorithm>

namespace snowline::enricher {
namespace {

constexpr std::size_t kSmallMap = 4;  // of Scala's maps
constexpr std::size_t kScanMax = 64;  // an index is used beyond this
constexpr auto kNowhere = static_cast<std::size_t>(-1);

}  // namespace

Parameters::Parameters(const std::vector<Parameter>& pairs) {
    entries_.reserve(std::max<std::size_t>(pairs.size(), 8));
    for (const Parameter& pair : pairs) set(pair.name, pair.value);
}

void Parameters::set(std::string_view name, std::optional<std::string_view> value) {
    const std::size_t at = position(name);
    if (at != kNowhere) {
        entries_[at].value = value;
        return;
    }
    entries_.push_back({name, value});
    hashed_ = hashed_ || entries_.size() > kSmallMap;
    if (entries_.size() == kScanMax) {
        for (std::size_t i = 0; i < entries_.size(); ++i) index_.emplace(entries_[i].name, i);
    } else if (entries_.size() > kScanMax) {
        index_.emplace(name, entries_.size() - 1);
    }
}

void Parameters::erase(std::string_view name) {
    const std::size_t at = position(name);
    if (at == kNowhere) return;
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
    index_.clear();
    if (entries_.size() < kScanMax) return;
    for (std::size_t i = 0; i < entries_.size(); ++i) index_.emplace(entries_[i].name, i);
}

const Parameter* Parameters::find(std::string_view name) const {
    const std::size_t at = position(name);
    return at == kNowhere ? nullptr : &entries_[at];
}

std::optional<std::string_view> Parameters::value(std::string_view name) const {
    const Parameter* found = find(name);
    return found != nullptr ? found->value : std::nullopt;
}

std::size_t Parameters::position(std::string_view name) const {
    if (entries_.size() >= kScanMax) {
        const auto found = index_.find(name);
        return found == index_.end() ? kNowhere : found->second;
    }
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].name == name) return i;
    }
    return kNowhere;
}

std::vector<Parameter> Parameters::in_reference_order() const {
    if (!hashed_) return entries_;
    std::vector<std::pair<std::uint64_t, std::size_t>> places;
    places.reserve(entries_.size());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        places.emplace_back(text::scala_map_place(text::java_hash(entries_[i].name)), i);
    }
    std::sort(places.begin(), places.end());
    std::vector<Parameter> out;
    out.reserve(entries_.size());
    for (const auto& place : places) out.push_back(entries_[place.second]);
    return out;
}

}  // namespace snowline::enricher
