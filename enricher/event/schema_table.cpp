#include "enricher/event/schema_table.h"

#include "common/check.h"
#include "enricher/event/schema_observer.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace snowline::enricher {
namespace {

constexpr std::size_t kEntriesMax = 20'000;
constexpr std::size_t kSlotsAtLeast = 64;

constexpr std::size_t kLineBytes = 64;
// Events rarely have all properties of a large schema.
constexpr std::size_t kLinesAhead = 24;

// Prefetches the memory that validation will read, all lines at once, so that validation does not
// wait for one line after the other.
void fetch_ahead(const iglu::validate::Checks* checks, std::uint32_t lines) {
    const auto* const begin = reinterpret_cast<const std::byte*>(checks);
    for (std::size_t i = 0; i < lines; ++i) __builtin_prefetch(begin + i * kLineBytes);
}

}  // namespace

SchemaTable::Known SchemaTable::find(std::string_view uri) {
    if (entries_.size() * 2 >= slots_.size()) grow();
    const std::size_t hash = std::hash<std::string_view>{}(uri);
    Slot& slot = slot_of(uri, hash);
    if (slot.entry == nullptr) slot = {.hash = hash, .entry = &add(uri)};
    const Entry& entry = *slot.entry;
    if (!entry.is_uri) return unexpected(*entry.rest.error);
    return &entry.schema;
}

void SchemaTable::expect(std::span<const std::string_view> uris) const {
    if (slots_.empty()) return;
    constexpr std::size_t kAtATime = 16;
    std::array<std::size_t, kAtATime> hashes;
    const std::size_t mask = slots_.size() - 1;
    const std::size_t count = std::min(uris.size(), kAtATime);
    for (std::size_t i = 0; i < count; ++i) {
        hashes[i] = std::hash<std::string_view>{}(uris[i]);
        __builtin_prefetch(&slots_[hashes[i] & mask]);
    }
    for (std::size_t i = 0; i < count; ++i) {
        const Slot& slot = slots_[hashes[i] & mask];  // right for most; others are found later
        if (slot.hash != hashes[i]) continue;
        __builtin_prefetch(slot.entry);
        __builtin_prefetch(reinterpret_cast<const std::byte*>(slot.entry) + kLineBytes);
        fetch_ahead(slot.checks, slot.checks_lines);
    }
}

// The slot of the text, or the free one where it belongs.
SchemaTable::Slot& SchemaTable::slot_of(std::string_view uri, std::size_t hash) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
        Slot& slot = slots_[at];
        if (slot.entry == nullptr) return slot;
        if (slot.hash != hash) continue;
        fetch_ahead(slot.checks, slot.checks_lines);
        if (slot.entry->is(uri)) return slot;
    }
}

SchemaTable::Entry& SchemaTable::add(std::string_view uri) {
    Rest& rest = rests_.emplace_back();
    rest.text = uri;
    if (auto key = model::SchemaKey::parse(uri)) {
        rest.uri = key->to_uri();
        rest.key = *std::move(key);
    } else {
        rest.error = key.error();
    }
    return entries_.emplace_back(rest);
}

SchemaTable::Entry::Entry(const Rest& of)
    : schema{.uri = of.uri, .key = of.key}, rest(of), is_uri(!of.error) {
    static_assert(sizeof(Entry) == 128);
    if (of.text.size() > sizeof near_text) return;
    near_size = static_cast<std::uint8_t>(of.text.size());
    of.text.copy(near_text, near_size);
    if (of.uri == of.text) schema.uri = {near_text, near_size};
}

void SchemaTable::grow() {
    const std::vector<Slot> before = std::move(slots_);
    slots_ = std::vector<Slot>(std::max(kSlotsAtLeast, 2 * before.size()));
    const std::size_t mask = slots_.size() - 1;
    for (const Slot& slot : before) {
        if (slot.entry == nullptr) continue;
        std::size_t at = slot.hash & mask;
        while (slots_[at].entry != nullptr) at = (at + 1) & mask;
        slots_[at] = slot;
    }
}

const Schema* SchemaTable::known(std::string_view uri) {
    const Known schema = find(uri);
    SNOWLINE_CHECK(schema.has_value());
    return *schema;
}

const iglu::Lookup* SchemaTable::lookup(const Schema& schema) {
    if (schema.lookup != nullptr) return schema.lookup;
    if (observer_ != nullptr) observer_->begins();
    const iglu::Lookup* const answer = source_.find(schema.key);
    if (answer == nullptr) {
        if (observer_ != nullptr) observer_->asks();
        return nullptr;
    }
    if (observer_ != nullptr) observer_->looked_up(schema, *answer);
    const auto* const resolved = std::get_if<iglu::ResolvedSchema>(answer);
    if (resolved == nullptr) return answer;
    Slot& slot = slot_of(schema.uri, std::hash<std::string_view>{}(schema.uri));
    if (slot.entry == nullptr) return answer;  // was found under another text only
    Entry& entry = *slot.entry;
    entry.schema.lookup = answer;
    if (resolved->superseded_by) return answer;
    entry.schema.checks = &iglu::validate::checks_of(*resolved->schema);
    const std::size_t bytes = iglu::validate::bytes_of(*entry.schema.checks);
    slot.checks = entry.schema.checks;
    slot.checks_lines =
        static_cast<std::uint32_t>(std::min((bytes + kLineBytes - 1) / kLineBytes, kLinesAhead));
    return answer;
}

void SchemaTable::trim() {
    if (is_too_large()) forget();
}

bool SchemaTable::is_too_large() const {
    return entries_.size() > kEntriesMax;
}

void SchemaTable::swap_contents(SchemaTable& other) {
    entries_.swap(other.entries_);
    rests_.swap(other.rests_);
    slots_.swap(other.slots_);
}

void SchemaTable::forget() {
    slots_.clear();
    entries_.clear();
    rests_.clear();
}

Result<Entity, model::ParseErrorCode> self_describing(json::Value json, SchemaTable& schemas) {
    const json::Value* uri = json.find("schema");
    const json::Value* data = json.find("data");
    if (uri == nullptr || !uri->is_string() || data == nullptr) {
        return unexpected(model::ParseErrorCode::kInvalidDataPayload);
    }
    const auto schema = schemas.find(uri->text());
    if (!schema) return unexpected(schema.error());
    return Entity{.schema = *schema, .data = *data};
}

namespace {

using Judged = std::optional<Result<Checked, SchemaFailure>>;

Judged judge(const Entity& entity, SchemaTable& schemas) {
    const iglu::validate::Checks* const checks = entity.schema->checks;
    if (checks != nullptr && iglu::validate::is_valid(*checks, entity.data)) {
        return Checked{entity, std::nullopt};
    }
    const auto failure = [&](auto error, std::optional<model::SchemaVer> superseded_by) -> Judged {
        return unexpected(SchemaFailure{.key = entity.schema->key,
                                        .error = std::move(error),
                                        .superseded_by = superseded_by,
                                        .data = entity.data});
    };
    const iglu::Lookup* const lookup = schemas.lookup(*entity.schema);
    if (lookup == nullptr) return std::nullopt;
    if (const auto* unresolved = std::get_if<iglu::ResolutionError>(lookup)) {
        return failure(*unresolved, std::nullopt);
    }
    if (const auto* unusable = std::get_if<iglu::UnusableSchema>(lookup)) {
        return failure(*unusable, std::nullopt);
    }
    const auto& resolved = std::get<iglu::ResolvedSchema>(*lookup);
    if (!iglu::validate::is_valid(*resolved.schema, entity.data)) {
        return failure(iglu::validate::validate(*resolved.schema, entity.data),
                       resolved.superseded_by);
    }
    if (!resolved.superseded_by) return Checked{entity, std::nullopt};
    model::SchemaKey key = entity.schema->key;
    key.version = *resolved.superseded_by;
    return Checked{.entity = {schemas.known(key.to_uri()), entity.data},
                   .superseded_by = resolved.superseded_by};
}

}  // namespace

std::optional<Result<Checked, SchemaFailure>> check(const Entity& entity, SchemaTable& schemas) {
    SchemaObserver* observer = schemas.observer();
    if (observer == nullptr) return judge(entity, schemas);
    observer->begins();
    auto checked = judge(entity, schemas);
    if (!checked)
        observer->asks();
    else
        observer->checked(entity, *checked ? nullptr : &checked->error());
    return checked;
}

}  // namespace snowline::enricher
