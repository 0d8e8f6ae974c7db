#pragma once

#include "common/clock.h"
#include "iglu/resolve/lookup.h"
#include "iglu/resolve/registry.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace snowline::iglu {

/// Milliseconds since the epoch.
using Clock = std::function<std::int64_t()>;

/// What asking the registries gave. `history` has every registry that was asked without success.
struct Asked {
    Lookup lookup;
    std::vector<LookupHistory> history;
    std::string registry;  // who gave the schema; empty where none did
};

/// Asks registries for a schema: those with a matching vendor prefix first, then what is near, then
/// by priority; the first that has it wins. Keeps nothing but what is known of the registries'
/// health. Any thread.
class Resolver {
public:
    /// The names are unique (see ResolverConfig); equal ranks are asked in this order.
    explicit Resolver(std::vector<std::unique_ptr<Registry>> registries,
                      Clock clock = snowline::now_ms);

    /// Who must not wait for a registry that has just made someone wait in vain passes kSkipped: in
    /// the next ten seconds its last failure is its answer.
    enum class Hanging { kAsked, kSkipped };

    /// Asks all registries but those whose last answer, in `before`, is to be taken as final or is
    /// too young to ask again. May wait for registries.
    Asked ask(const model::SchemaKey& key, std::span<const LookupHistory> before = {},
              Hanging hanging = Hanging::kAsked);

    /// Asks only what costs no exchange: the registries before the first one that is behind HTTP,
    /// whose failure is `why`, as that of all others behind HTTP.
    Asked ask_near(const model::SchemaKey& key, const RegistryFailure& why);

    /// Whether a registry is there for this vendor: by prefix, or because it gave a schema of it.
    bool is_for(std::string_view vendor) const;

    /// For the end of a program: who waits for a registry gets a failure within about a second.
    void cancel();

    /// Whether `ask` would ask one of them again.
    bool is_due(const model::SchemaKey& key, std::span<const LookupHistory> before) const;

    /// Whether the key is worth waiting for: a registry whose last answer was an outage is there
    /// for this vendor (by prefix, or because it gave a schema of it before) and has been out, for
    /// all or for this key, for less than `at_most_ms`.
    bool is_worth_waiting(const model::SchemaKey& key, std::span<const LookupHistory> history,
                          std::int64_t at_most_ms) const;

    /// The registries in the order in which they are asked for a vendor's schemas.
    std::vector<Registry*> order_for(std::string_view vendor) const;

    std::int64_t now_ms() const { return clock_(); }

private:
    struct Member {
        std::unique_ptr<Registry> registry;
        std::atomic<std::int64_t> out_since_ms = 0;  // 0: it answers
        std::set<std::string, std::less<>> vendors;  // whose schemas it gave; guarded by mutex_
        std::atomic<std::int64_t> hung_ms = 0;       // when it made us wait last; 0: it answers
        RegistryFailure hung_with{};                 // guarded by mutex_
    };

    std::vector<Member*> members_for(std::string_view vendor) const;
    bool is_for(const Member& member, std::string_view vendor) const;
    bool may_ask(const Member& member, std::string_view vendor, const LookupHistory* before) const;
    Result<Lookup, RegistryFailure> fetch(Registry& registry, const model::SchemaKey& key) const;
    void note(Member& member, const model::SchemaKey& key, const RegistryFailure* failure);
    void note_hanging(Member& member, const RegistryFailure* failure, std::int64_t asked_ms);
    std::optional<RegistryFailure> hanging(const Member& member) const;

    std::vector<std::unique_ptr<Member>> members_;
    Clock clock_;
    mutable std::mutex mutex_;
};

/// How long a failure is left alone before the registry is asked again, in milliseconds, at most a
/// minute: as the reference's client waits. Where events wait for it, because the registry is there
/// for the vendor and is out, never longer than two seconds.
std::int64_t retry_delay_ms(int attempts);

}  // namespace snowline::iglu
