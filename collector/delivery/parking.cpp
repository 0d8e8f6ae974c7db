#include "collector/delivery/parking.h"

#include <algorithm>

namespace snowline::collector {
namespace {

using log::Reason;

constexpr std::size_t kWidthMax = 256;

/// Other records for the same partition may be taken.
bool is_of_the_record(Reason reason) {
    return reason == Reason::kTooLarge || reason == Reason::kTimestamp;
}

}  // namespace

void Parking::park(const Place& place, Reason reason, std::int64_t number, Time now) {
    const auto trial = trials_.find(number);
    const bool has_failed = trial != trials_.end() && trial->second == Key{place, reason};
    if (trial != trials_.end()) trials_.erase(trial);
    const auto [found, is_new] = lanes_.try_emplace({place, reason});
    Lane& lane = found->second;
    lane.numbers.insert(number);
    if (!is_of_the_record(reason)) join_others(place, reason, lane);
    if (is_new) lane.since = now;
    if (is_new) lane.next_trial = now + lane.pause;
    if (!has_failed) return;
    lane.width = 1;
    lane.pause = std::min(lane.pause * 2, kPauseMax);
    lane.next_trial = now + lane.pause;
}

/// A partition has one reason at a time, the newest: takes the entries of its other reasons over.
void Parking::join_others(const Place& place, Reason reason, Lane& lane) {
    for (auto other = lanes_.lower_bound({place, Reason{}});
         other != lanes_.end() && other->first.first == place;) {
        if (other->first.second == reason || is_of_the_record(other->first.second)) {
            ++other;
            continue;
        }
        lane.numbers.add(other->second.numbers);
        other = lanes_.erase(other);
    }
}

std::optional<Reason> Parking::closed(const Place& place) const {
    for (auto lane = lanes_.lower_bound({place, Reason{}});
         lane != lanes_.end() && lane->first.first == place; ++lane) {
        if (!is_of_the_record(lane->first.second)) return lane->first.second;
    }
    return std::nullopt;
}

std::optional<Parking::Time> Parking::since(const Place& place, Reason reason) const {
    const auto lane = lanes_.find({place, reason});
    if (lane == lanes_.end()) return std::nullopt;
    return lane->second.since;
}

std::vector<Parking::Trial> Parking::due(Time now) {
    std::vector<Trial> out;
    for (auto& [key, lane] : lanes_) {
        if (key.second == Reason::kUnavailable || now < lane.next_trial) continue;
        if (lane.numbers.empty()) continue;  // all are being retried
        Trial trial{.place = key.first, .reason = key.second, .numbers = {}};
        while (trial.numbers.size() < lane.width && !lane.numbers.empty()) {
            trial.numbers.push_back(*lane.numbers.take_first());
            trials_.emplace(trial.numbers.back(), key);
        }
        lane.next_trial = now + lane.pause;
        out.push_back(std::move(trial));
    }
    return out;
}

Parking::Numbers Parking::succeeded(const Place& place, std::int64_t number, Time now) {
    Numbers out;
    if (const auto trial = trials_.find(number); trial != trials_.end()) {
        const auto lane = lanes_.find(trial->second);
        trials_.erase(trial);
        if (lane != lanes_.end()) {
            lane->second.width = std::min(lane->second.width * 2, kWidthMax);
            lane->second.pause = kPauseMin;
            lane->second.next_trial = now;
        }
    }
    for (auto lane = lanes_.lower_bound({place, Reason{}});
         lane != lanes_.end() && lane->first.first == place;) {
        const bool waits = is_of_the_record(lane->first.second);
        if (waits && !lane->second.numbers.empty()) {
            ++lane;
            continue;
        }
        if (!waits) out.add(lane->second.numbers);
        lane = lanes_.erase(lane);
    }
    return out;
}

Parking::Numbers Parking::take_all(const Place& place, Reason reason) {
    const auto lane = lanes_.find({place, reason});
    if (lane == lanes_.end()) return {};
    Numbers out = std::move(lane->second.numbers);
    lanes_.erase(lane);
    return out;
}

std::optional<std::int64_t> Parking::probe(const std::string& topic, const MayGo& may_go) {
    Lane* chosen = nullptr;
    const Place* place = nullptr;
    for (auto& [key, lane] : lanes_) {
        const bool fits = key.second == Reason::kUnavailable && key.first.topic == topic &&
                          !lane.numbers.empty() && may_go(key.first);
        if (!fits) continue;
        const bool is_next = probed_last_ < key.first;
        if (chosen != nullptr && !is_next) continue;
        chosen = &lane;
        place = &key.first;
        if (is_next) break;
    }
    if (chosen == nullptr) return std::nullopt;
    probed_last_ = *place;
    return chosen->numbers.take_first();
}

Parking::Numbers Parking::resume(const std::string& topic, const MayGo& may_go, Time now) {
    Numbers out;
    for (auto lane = lanes_.begin(); lane != lanes_.end();) {
        const auto& [place, reason] = lane->first;
        const bool fits = reason == Reason::kUnavailable && place.topic == topic &&
                          now - lane->second.since >= kPauseMin && may_go(place);
        if (!fits) {
            ++lane;
            continue;
        }
        out.add(lane->second.numbers);
        lane = lanes_.erase(lane);
    }
    return out;
}

std::size_t Parking::waiting(const std::string& topic) const {
    std::size_t out = 0;
    for (const auto& [key, lane] : lanes_) {
        if (key.second == Reason::kUnavailable && key.first.topic == topic) {
            out += lane.numbers.size();
        }
    }
    return out;
}

std::map<std::pair<std::string, Reason>, std::size_t> Parking::counts() const {
    std::map<std::pair<std::string, Reason>, std::size_t> out;
    for (const auto& [key, lane] : lanes_) {
        out[{key.first.topic, key.second}] += lane.numbers.size();
    }
    for (const auto& [number, key] : trials_) ++out[{key.first.topic, key.second}];
    return out;
}

}  // namespace snowline::collector
