#include "iglu/resolve/schema_loader.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace snowline::iglu {
namespace {

constexpr std::size_t kVendorsRemembered = 1'000;  // at least; more while they queue
constexpr std::size_t kTurnsPerStranger = 4;
// While there are only vendors that wait for their next second.
constexpr std::chrono::milliseconds kLookAgain{50};

SchemaCache::Entry failed_entry(std::string message) {
    auto entry = std::make_shared<CachedLookup>();
    entry->history = {{.repository = "Snowline", .errors = {client_failure(std::move(message))}}};
    entry->lookup = ResolutionError{.history = entry->history};
    return entry;
}

}  // namespace

SchemaLoader::SchemaLoader(SchemaCache& cache, LoaderSettings settings, SteadyClock clock)
    : cache_(cache),
      settings_(settings),
      clock_(std::move(clock)),
      vendors_max_(kVendorsRemembered) {}

SchemaLoader::~SchemaLoader() {
    {
        const std::scoped_lock lock(mutex_);
        closing_ = true;
    }
    requested_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

SchemaLoader::Ticket SchemaLoader::request(const model::SchemaKey& key) {
    if (settings_.concurrent_max == 0) {
        auto loading = std::make_shared<Loading>(key);
        look_up(*loading);
        return loading;
    }
    const bool is_ours = cache_.resolver().is_for(key.vendor);
    const std::scoped_lock lock(mutex_);
    if (const auto known = by_key_.find(key); known != by_key_.end()) {
        if (auto loading = known->second.lock()) return loading;
    }
    Turns& turns = is_ours ? ours_ : strangers_;
    const auto found = vendors_.find(key.vendor);
    const bool has_turn = found != vendors_.end() && found->second.has_turn;
    if (!has_turn && turns.size() >= kVendorsQueuedMax) return nullptr;
    if (found != vendors_.end() && is_full(found->second)) return nullptr;
    auto loading = std::make_shared<Loading>(key);
    by_key_.insert_or_assign(key, loading);
    if (vendors_.size() >= vendors_max_) forget_idle_vendors();
    Vendor& vendor = vendors_[key.vendor];
    if (!std::exchange(vendor.has_turn, true)) turns.push_back(key.vendor);
    vendor.queue.push_back(loading);
    // A thread that was woken counts as idle until it runs.
    if (++queued_ <= idle_) {
        requested_.notify_one();
    } else if (threads_.size() < settings_.concurrent_max) {
        threads_.emplace_back([this]() noexcept { work(); });
    }
    return loading;
}

bool SchemaLoader::may_refuse(std::string_view vendor) {
    const bool is_ours = cache_.resolver().is_for(vendor);
    const std::scoped_lock lock(mutex_);
    const auto found = vendors_.find(std::string(vendor));
    if (found == vendors_.end() || !found->second.was_answered) return false;
    return !is_ours || !has_budget(found->second);
}

void SchemaLoader::work() {
    std::unique_lock lock(mutex_);
    while (!closing_) {
        const std::shared_ptr<Loading> loading = next();
        if (loading == nullptr) {
            ++idle_;
            if (ours_.empty() && strangers_.empty()) {
                requested_.wait(lock);
            } else {
                requested_.wait_for(lock, kLookAgain);
            }
            --idle_;
            continue;
        }
        loading->state_ = Loading::State::kBegun;
        lock.unlock();
        look_up(*loading);
        lock.lock();
        landed(*loading);
    }
}

// Every fourth turn is a stranger's: a vendor whose registry has no prefix is one until the first
// of its schemas came.
std::shared_ptr<Loading> SchemaLoader::next() {
    const bool is_strangers = turns_ % kTurnsPerStranger == kTurnsPerStranger - 1;
    auto loading = next_of(is_strangers ? strangers_ : ours_);
    if (loading == nullptr) loading = next_of(is_strangers ? ours_ : strangers_);
    if (loading != nullptr) ++turns_;
    return loading;
}

// The oldest question of the first vendor that has budget; the vendor goes to the end.
std::shared_ptr<Loading> SchemaLoader::next_of(Turns& turns) {
    for (auto turn = turns.begin(); turn != turns.end();) {
        Vendor& vendor = vendors_[*turn];
        if (!has_budget(vendor)) {
            ++turn;
            continue;
        }
        std::shared_ptr<Loading> loading;
        while (loading == nullptr && !vendor.queue.empty()) {
            loading = std::move(vendor.queue.front());
            vendor.queue.pop_front();
            --queued_;
            if (loading.use_count() > 1) break;
            by_key_.erase(loading->key_);  // nobody waits for it any more
            loading.reset();
        }
        const auto done = turn++;
        if (vendor.queue.empty()) {
            vendor.has_turn = false;
            turns.erase(done);
        } else {
            turns.splice(turns.end(), turns, done);
        }
        if (loading != nullptr) return loading;
    }
    return nullptr;
}

bool SchemaLoader::is_over(const Vendor& vendor) const {
    return clock_() - vendor.second_began >= std::chrono::seconds(1);
}

bool SchemaLoader::has_budget(const Vendor& vendor) const {
    return vendor.unknown < settings_.unknown_a_second || is_over(vendor);
}

// A vendor that has budget may turn out to have all of what it asks for.
bool SchemaLoader::is_full(Vendor& vendor) {
    if (vendor.queue.size() < settings_.unknown_a_second || has_budget(vendor)) return false;
    shorten(vendor);
    return vendor.queue.size() >= settings_.unknown_a_second;
}

// To what the next second has budget for.
void SchemaLoader::shorten(Vendor& vendor) {
    queued_ -= std::erase_if(vendor.queue, [this](const std::shared_ptr<Loading>& loading) {
        if (loading.use_count() > 1) return false;
        by_key_.erase(loading->key_);  // nobody waits for it any more
        return true;
    });
    while (vendor.queue.size() > settings_.unknown_a_second) {
        Loading& last = *vendor.queue.back();
        by_key_.erase(last.key_);
        last.state_ = Loading::State::kRefused;
        vendor.queue.pop_back();
        --queued_;
    }
}

void SchemaLoader::landed(const Loading& loading) {
    by_key_.erase(loading.key_);
    const auto vendor = vendors_.find(loading.key_.vendor);
    if (vendor == vendors_.end()) return;
    vendor->second.was_answered = true;
    if (!loading.entry_->is_unknown()) return;
    charge(vendor->second);
    if (!has_budget(vendor->second)) shorten(vendor->second);
}

void SchemaLoader::charge(Vendor& vendor) {
    if (is_over(vendor)) {
        vendor.second_began = clock_();
        vendor.unknown = 0;
    }
    ++vendor.unknown;
}

// Where registries are waited for.
void SchemaLoader::look_up(Loading& loading) {
    try {
        loading.entry_ = cache_.get_again(loading.key_);
        loading.state_ = Loading::State::kAnswered;
    } catch (const std::exception& failure) {
        loading.entry_ = failed_entry(failure.what());
        loading.state_ = Loading::State::kBroken;
    }
}

// Not again before there are twice as many as are left: clients choose how many there are.
void SchemaLoader::forget_idle_vendors() {
    std::erase_if(vendors_, [this](const auto& item) {
        return !item.second.has_turn && has_budget(item.second);
    });
    vendors_max_ = std::max(kVendorsRemembered, 2 * vendors_.size());
}

}  // namespace snowline::iglu
