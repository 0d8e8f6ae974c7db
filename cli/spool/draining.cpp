#include "cli/spool/draining.h"

#include "common/clock.h"
#include "common/log/arrival.h"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <string_view>

namespace snowline::cli {
namespace {

using log::Failure;
using log::Reason;
using log::spool::Entry;
using log::spool::Spool;

Draining::Place place_of(const Entry& entry) {
    return {entry.record.topic, entry.record.partition};
}

/// Other records for the same partition may be taken.
bool is_of_the_record(Reason reason) {
    return reason == Reason::kTooLarge || reason == Reason::kTimestamp;
}

}  // namespace

/// The state of entries in flight. Shared with reports that come after the waiting has ended.
struct Draining::Reports {
    std::mutex mutex;
    std::condition_variable changed;
    std::map<Place, std::size_t> open;
    std::uint64_t sent = 0, reported = 0;
    std::vector<Refused> refused;
};

Draining::Draining(Spool& spool, OpenProducer open, std::string instance, Options options)
    : spool_(spool), open_(std::move(open)), options_(options), ids_(std::move(instance)) {}

Draining::~Draining() = default;

Result<Draining::Outcome, Failure> Draining::run(const std::function<bool()>& is_stopped) {
    Spool::TakeLimits limits;
    limits.only_place = [this](const std::string& topic, std::int32_t partition) {
        return obstacle({topic, partition}) != nullptr;
    };
    while (!is_stopped()) {
        auto entries = spool_.take(limits);
        if (!entries) return unexpected(entries.error());
        if (entries->empty()) break;
        send_all(*std::move(entries));
    }
    return outcome_;
}

/// Sends a batch, and retries in another form, until every entry was acknowledged or skipped.
void Draining::send_all(std::vector<Entry> entries) {
    while (!entries.empty()) {
        const auto reports = std::make_shared<Reports>();
        for (Entry& entry : entries) {
            const Place place = place_of(entry);
            log::DurableProducer* const producer =
                obstacle(place) != nullptr ? nullptr : producer_of(place);
            if (producer == nullptr) {
                ++obstacle(place)->records;
                continue;
            }
            {
                const std::lock_guard lock(reports->mutex);
                ++reports->open[place];
            }
            log::Record record = entry.record;
            producer->send(std::move(record),
                           [this_spool = &spool_, reports, place,
                            entry = std::move(entry)](const Result<log::Position, Failure>& at) {
                               if (at) this_spool->remove(entry.number);
                               const std::lock_guard lock(reports->mutex);
                               ++reports->reported;
                               if (at) ++reports->sent;
                               if (!at) reports->refused.push_back({entry, at.error()});
                               if (--reports->open[place] == 0) reports->open.erase(place);
                               reports->changed.notify_all();
                           });
        }
        entries.clear();
        std::unique_lock lock(reports->mutex);
        for (std::uint64_t seen = 0; !reports->open.empty(); seen = reports->reported) {
            const bool moves = reports->changed.wait_for(lock, options_.acknowledged_within, [&] {
                return reports->open.empty() || reports->reported > seen;
            });
            if (moves) continue;
            for (const auto& [place, count] : reports->open) {
                skip(place, {Reason::kUnavailable, "Kafka has not acknowledged them in time"});
                outcome_.skipped[{place, Reason::kUnavailable}].records += count;
            }
            break;
        }
        outcome_.sent += reports->sent;
        judge(std::exchange(reports->refused, {}), entries);
    }
}

void Draining::judge(std::vector<Refused> refused, std::vector<Entry>& again) {
    for (Refused& one : refused) {
        const Place place = place_of(one.entry);
        if (one.failure.reason == Reason::kTimestamp) {
            if (auto other = log::with_another_time(one.entry.record, now_ms())) {
                ++outcome_.restamped;
                one.entry.record = std::move(*other);
                again.push_back(std::move(one.entry));
                continue;
            }
        }
        const bool is_gone = one.failure.reason == Reason::kUnknownPartition;
        if (is_gone && options_.readdress && readdress(std::move(one.entry))) continue;
        skip(place, one.failure);
        ++outcome_.skipped[{place, one.failure.reason}].records;
    }
}

/// Replaces the entry in the spool first, so that it has one id at any time; it is taken from there
/// again.
bool Draining::readdress(Entry entry) {
    log::DurableProducer* const producer = producer_of(place_of(entry));
    if (producer == nullptr) return false;
    std::optional<std::string_view> key;
    if (entry.record.key) key = *entry.record.key;
    const auto partition = producer->place(entry.record.topic, key, entry.record.value.size());
    if (!partition || *partition == entry.record.partition) return false;
    entry.record.partition = *partition;
    auto& headers = entry.record.headers;
    const auto old_id = std::find_if(headers.begin(), headers.end(), [](const log::Header& one) {
        return one.name == log::kRecordIdHeader;
    });
    if (old_id != headers.end()) old_id->value = ids_.next(*partition);
    std::promise<bool> stored;
    spool_.append({.record = std::move(entry.record),
                   .replaces = entry.number,
                   .stored = [&](const Result<std::int64_t, Failure>& number) {
                       stored.set_value(number.has_value());
                   }});
    const bool is_stored = stored.get_future().get();
    if (is_stored) ++outcome_.readdressed;
    return is_stored;
}

log::DurableProducer* Draining::producer_of(const Place& place) {
    auto found = producers_.find(place.topic);
    if (found == producers_.end()) {
        found = producers_.emplace(place.topic, open_(place.topic)).first;
    }
    if (found->second) return found->second->get();
    skip(place, found->second.error());
    return nullptr;
}

/// Why the partition's records are skipped; nullptr where they are sent, except for single ones.
Draining::Skipped* Draining::obstacle(const Place& place) {
    for (auto known = outcome_.skipped.lower_bound({place, Reason{}});
         known != outcome_.skipped.end() && known->first.first == place; ++known) {
        if (!is_of_the_record(known->first.second)) return &known->second;
    }
    return nullptr;
}

void Draining::skip(const Place& place, const Failure& why) {
    outcome_.skipped.try_emplace({place, why.reason}, Skipped{.why = why});
}

}  // namespace snowline::cli
