#include "iglu/resolve/schema_loader.h"

#include <chrono>
#include <exception>
#include <utility>

namespace snowline::iglu {
namespace {

constexpr std::int64_t kSecondMs = 1'000;
constexpr std::size_t kVendorsMax = 1'000;  // whose seconds are remembered; more while they queue
// While there are only vendors that wait for their next second.
constexpr std::chrono::milliseconds kLookAgain{50};

SchemaCache::Entry failed_entry(std::string message) {
    auto entry = std::make_shared<CachedLookup>();
    entry->history = {{.repository = "Snowline", .errors = {client_failure(std::move(message))}}};
    entry->lookup = ResolutionError{.history = entry->history};
    return entry;
}

}  // namespace

SchemaLoader::SchemaLoader(SchemaCache& cache, LoaderSettings settings)
    : cache_(cache), settings_(settings) {}

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
    std::weak_ptr<Loading>& known = by_key_[key];
    if (auto loading = known.lock()) return loading;
    auto loading = std::make_shared<Loading>(key);
    known = loading;
    if (vendors_.size() > kVendorsMax) forget_idle_vendors();
    Vendor& vendor = vendors_[key.vendor];
    if (vendor.queue.empty()) (is_ours ? ours_ : strangers_).push_back(key.vendor);
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
    if (!cache_.resolver().is_for(vendor)) return true;
    const std::scoped_lock lock(mutex_);
    const auto found = vendors_.find(std::string(vendor));
    return found != vendors_.end() && !has_budget(found->second);
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
        by_key_.erase(loading->key_);
        const auto vendor = vendors_.find(loading->key_.vendor);
        if (loading->entry_->is_unknown() && vendor != vendors_.end()) charge(vendor->second);
    }
}

std::shared_ptr<Loading> SchemaLoader::next() {
    auto loading = next_of(ours_);
    return loading != nullptr ? loading : next_of(strangers_);
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
            turns.erase(done);
        } else {
            turns.splice(turns.end(), turns, done);
        }
        if (loading != nullptr) return loading;
    }
    return nullptr;
}

bool SchemaLoader::is_over(const Vendor& vendor) const {
    const std::int64_t now = cache_.now_ms();  // which may be set back
    return now - vendor.second_began_ms >= kSecondMs || now < vendor.second_began_ms;
}

bool SchemaLoader::has_budget(const Vendor& vendor) const {
    return vendor.unknown < settings_.unknown_a_second || is_over(vendor);
}

void SchemaLoader::charge(Vendor& vendor) {
    if (is_over(vendor)) {
        vendor.second_began_ms = cache_.now_ms();
        vendor.unknown = 0;
    }
    ++vendor.unknown;
}

// Where registries are waited for.
void SchemaLoader::look_up(Loading& loading) {
    try {
        loading.entry_ = cache_.get_again(loading.key_);
    } catch (const std::exception& failure) {
        loading.entry_ = failed_entry(failure.what());
    }
    loading.state_ = Loading::State::kLanded;
}

void SchemaLoader::forget_idle_vendors() {
    std::erase_if(vendors_, [this](const auto& item) {
        return item.second.queue.empty() && has_budget(item.second);
    });
}

}  // namespace snowline::iglu
