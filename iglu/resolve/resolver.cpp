#include "iglu/resolve/resolver.h"

#include "common/json/parse.h"
#include "iglu/resolve/own_key.h"
#include "iglu/resolve/superseding.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace snowline::iglu {
namespace {

// A failure that took longer was waited for; then the registry is left alone by those who cannot.
constexpr std::int64_t kHangingMs = 1'000;
constexpr std::int64_t kHangingSkippedMs = 10'000;

// Between two questions to a registry that is out, where events wait for the answer.
constexpr std::int64_t kAwaitedDelayMs = 2'000;

constexpr std::size_t kErrorsMax = 32;  // kept in a history
constexpr json::ParseLimits kSchemaLimits{.depth_max = 256, .bytes_max = kSchemaBytesMax};

const LookupHistory* find(std::span<const LookupHistory> history, std::string_view repository) {
    const auto found =
        std::find_if(history.begin(), history.end(),
                     [&](const LookupHistory& entry) { return entry.repository == repository; });
    return found == history.end() ? nullptr : &*found;
}

bool is_final(const LookupHistory& entry) {
    return std::any_of(entry.errors.begin(), entry.errors.end(), [](const RegistryFailure& error) {
        return error.kind == RegistryFailure::Kind::kNotFound;
    });
}

LookupHistory added(const LookupHistory* before, std::string repository, RegistryFailure failure,
                    std::int64_t now_ms) {
    LookupHistory entry = before != nullptr ? *before : LookupHistory{};
    entry.repository = std::move(repository);
    entry.attempts += 1;
    entry.last_attempt_ms = now_ms;
    if (!failure.outage) entry.outage_since_ms = 0;
    if (failure.outage && entry.outage_since_ms == 0) entry.outage_since_ms = now_ms;
    const bool known =
        std::find(entry.errors.begin(), entry.errors.end(), failure) != entry.errors.end();
    if (!known && entry.errors.size() < kErrorsMax) entry.errors.push_back(std::move(failure));
    return entry;
}

Asked unresolved(std::vector<LookupHistory> history) {
    std::sort(history.begin(), history.end(), [](const LookupHistory& a, const LookupHistory& b) {
        return a.repository < b.repository;
    });
    return {.lookup = ResolutionError{.history = history}, .history = history, .registry = {}};
}

// A registry's answer that is no JSON. Consumers group failed events by the reference's words,
// which name the exception of its HTTP library and say nothing of the body.
RegistryFailure undecodable(const RegistryProfile& profile, const json::ParseError& error) {
    constexpr std::string_view kOverHttp =
        "org.http4s.MalformedMessageBodyFailure: Malformed message body: Invalid JSON";
    const bool over_http = profile.kind == RegistryClass::kHttp;
    return client_failure(
        fmt::format("Could not decode server response. {}", over_http ? kOverHttp : error.message));
}

}  // namespace

std::int64_t retry_delay_ms(int attempts) {
    constexpr double kMax = 60'000;
    const double n = attempts;
    const double delay = attempts > 20   ? 1'200'000 + 100 * n
                         : attempts > 12 ? 5'500 + std::pow(2, n)
                         : attempts > 8  ? 500 + std::pow(3, n)
                                         : 500 + std::pow(4, n);
    return static_cast<std::int64_t>(std::min(delay, kMax));
}

Resolver::Resolver(std::vector<std::unique_ptr<Registry>> registries, Clock clock)
    : clock_(std::move(clock)) {
    for (auto& registry : registries) {
        members_.push_back(std::make_unique<Member>());
        members_.back()->registry = std::move(registry);
    }
}

// As the reference: who has said `not found` is not asked again (until the cache forgets), who is
// part of this process is not either, all others after a while.
bool Resolver::may_ask(const Member& member, std::string_view vendor,
                       const LookupHistory* before) const {
    if (before == nullptr) return true;
    if (is_final(*before) || member.registry->profile().kind != RegistryClass::kHttp) return false;
    const std::int64_t since = clock_() - before->last_attempt_ms;
    const std::int64_t delay = retry_delay_ms(before->attempts);
    if (since > delay) return true;
    const bool is_awaited = before->outage_since_ms != 0 && since > kAwaitedDelayMs;
    return is_awaited && is_for(member, vendor);
}

Asked Resolver::ask(const model::SchemaKey& key, std::span<const LookupHistory> before,
                    Hanging hanging_ones) {
    std::vector<LookupHistory> history;
    for (Member* member : members_for(key.vendor)) {
        Registry& registry = *member->registry;
        const LookupHistory* known = find(before, registry.profile().name);
        if (!may_ask(*member, key.vendor, known)) {
            history.push_back(*known);
            continue;
        }
        if (hanging_ones == Hanging::kSkipped) {
            if (auto failure = hanging(*member)) {
                history.push_back(
                    added(known, registry.profile().name, *std::move(failure), clock_()));
                continue;
            }
        }
        const std::int64_t asked_ms = clock_();
        auto answer = fetch(registry, key);
        note_hanging(*member, answer ? nullptr : &answer.error(), asked_ms);
        note(*member, key, answer ? nullptr : &answer.error());
        if (answer) {
            return {.lookup = *std::move(answer),
                    .history = std::move(history),
                    .registry = registry.profile().name};
        }
        // The time behind the answer: a registry that hangs has been out from then on.
        history.push_back(added(known, registry.profile().name, answer.error(), clock_()));
    }
    return unresolved(std::move(history));
}

Asked Resolver::ask_near(const model::SchemaKey& key, const RegistryFailure& why) {
    std::vector<LookupHistory> history;
    bool is_far = false;
    for (Member* member : members_for(key.vendor)) {
        Registry& registry = *member->registry;
        is_far = is_far || registry.profile().kind == RegistryClass::kHttp;
        if (is_far) {
            if (registry.profile().kind == RegistryClass::kHttp) {
                history.push_back(added(nullptr, registry.profile().name, why, clock_()));
            }
            continue;
        }
        auto answer = fetch(registry, key);
        if (answer) {
            return {.lookup = *std::move(answer),
                    .history = std::move(history),
                    .registry = registry.profile().name};
        }
        history.push_back(added(nullptr, registry.profile().name, answer.error(), clock_()));
    }
    return unresolved(std::move(history));
}

bool Resolver::is_due(const model::SchemaKey& key, std::span<const LookupHistory> before) const {
    const auto members = members_for(key.vendor);
    return std::any_of(members.begin(), members.end(), [&](const Member* member) {
        return may_ask(*member, key.vendor, find(before, member->registry->profile().name));
    });
}

bool Resolver::is_worth_waiting(const model::SchemaKey& key, std::span<const LookupHistory> history,
                                std::int64_t at_most_ms) const {
    for (const auto& member : members_) {
        const RegistryProfile& profile = member->registry->profile();
        const LookupHistory* entry = find(history, profile.name);
        if (entry == nullptr || entry->outage_since_ms == 0) continue;
        // The registry may be out for longer than this key is asked for; and it may answer for all
        // keys but this one.
        std::int64_t since = entry->outage_since_ms;
        if (member->out_since_ms != 0) since = std::min(since, member->out_since_ms.load());
        if (clock_() - since >= at_most_ms) continue;
        if (is_for(*member, key.vendor)) return true;
    }
    return false;
}

bool Resolver::is_for(std::string_view vendor) const {
    return std::any_of(members_.begin(), members_.end(),
                       [&](const auto& member) { return is_for(*member, vendor); });
}

bool Resolver::is_for(const Member& member, std::string_view vendor) const {
    if (member.registry->profile().matches(vendor)) return true;
    const std::scoped_lock lock(mutex_);
    return member.vendors.contains(vendor);
}

void Resolver::cancel() {
    for (const auto& member : members_) member->registry->cancel();
}

std::vector<Registry*> Resolver::order_for(std::string_view vendor) const {
    std::vector<Registry*> order;
    for (Member* member : members_for(vendor)) order.push_back(member->registry.get());
    return order;
}

std::vector<Resolver::Member*> Resolver::members_for(std::string_view vendor) const {
    std::vector<Member*> order;
    for (const auto& member : members_) order.push_back(member.get());
    const auto rank = [&](const Member* member) {
        const RegistryProfile& profile = member->registry->profile();
        return std::tuple(!profile.matches(vendor), profile.kind, profile.priority);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](const Member* a, const Member* b) { return rank(a) < rank(b); });
    return order;
}

// The schema of `key`, or of the version that supersedes it: that one comes from the same registry,
// and one step is followed.
Result<Lookup, RegistryFailure> Resolver::fetch(Registry& registry,
                                                const model::SchemaKey& key) const {
    auto text = registry.fetch(key);
    if (!text) return unexpected(text.error());
    json::Arena arena;
    auto root = json::parse(*text, arena, kSchemaLimits);
    if (!root) {
        return unexpected(undecodable(registry.profile(), root.error()));
    }
    if (auto own = check_own_key(*root, key); !own) return unexpected(client_failure(own.error()));
    const auto superseding = superseding_version(*root, key);
    if (!superseding) return unexpected(client_failure(superseding.error()));
    if (superseding->has_value()) {
        const model::SchemaKey successor{key.vendor, key.name, key.format, **superseding};
        text = registry.fetch(successor);
        if (!text) return unexpected(text.error());
        root = json::parse(*text, arena, kSchemaLimits);
        if (!root) {
            return unexpected(undecodable(registry.profile(), root.error()));
        }
        if (auto own = check_own_key(*root, successor); !own) {
            return unexpected(client_failure(own.error()));
        }
    }
    auto compiled = validate::compile(*root);
    if (!compiled) return UnusableSchema{.issues = compiled.error(), .superseded_by = *superseding};
    return ResolvedSchema{.schema = *std::move(compiled), .superseded_by = *superseding};
}

void Resolver::note(Member& member, const model::SchemaKey& key, const RegistryFailure* failure) {
    if (failure != nullptr && failure->outage) {
        std::int64_t answers = 0;
        member.out_since_ms.compare_exchange_strong(answers, std::max<std::int64_t>(clock_(), 1));
        return;
    }
    member.out_since_ms = 0;
    if (failure != nullptr) return;
    const std::scoped_lock lock(mutex_);
    if (!member.vendors.contains(key.vendor)) member.vendors.insert(key.vendor);
}

void Resolver::note_hanging(Member& member, const RegistryFailure* failure, std::int64_t asked_ms) {
    const std::int64_t now = clock_();
    if (failure == nullptr || !failure->outage) {
        member.hung_ms = 0;
    } else if (now - asked_ms >= kHangingMs) {
        const std::scoped_lock lock(mutex_);
        member.hung_with = *failure;
        member.hung_ms = now;
    }
}

std::optional<RegistryFailure> Resolver::hanging(const Member& member) const {
    const std::int64_t hung_ms = member.hung_ms;
    if (hung_ms == 0 || clock_() - hung_ms >= kHangingSkippedMs) return std::nullopt;
    const std::scoped_lock lock(mutex_);
    return member.hung_with;
}

}  // namespace snowline::iglu
