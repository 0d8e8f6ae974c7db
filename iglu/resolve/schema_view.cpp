#include "iglu/resolve/schema_view.h"

#include <algorithm>
#include <iterator>

namespace snowline::iglu {
namespace {

constexpr const char* kTooMany = "Not asked: too many unknown schemas in one request";
constexpr const char* kTooLate = "Not asked: too many unknown schemas at a time";

}  // namespace

bool MissingSchemas::is_under_way() const {
    return std::any_of(questions.begin(), questions.end(),
                       [](const auto& item) { return item.second.ticket != nullptr; });
}

bool MissingSchemas::has_landed() const {
    return std::all_of(questions.begin(), questions.end(), [](const auto& item) {
        const SchemaLoader::Ticket& ticket = item.second.ticket;
        return ticket == nullptr || ticket->has_landed();
    });
}

SchemaView::SchemaView(SchemaLoader& loader)
    : loader_(loader),
      cache_(loader.cache()),
      generation_(cache_.generation()),
      now_ms_(cache_.now_ms()) {}

const Lookup* SchemaView::find(const model::SchemaKey& key) {
    const auto found = known_.find(key);
    if (found == known_.end()) {
        const auto refused = missing_.refused.find(key);
        if (refused != missing_.refused.end()) return &refused->second->lookup;
        missing_.questions.try_emplace(key);
        return nullptr;
    }
    const CachedLookup& entry = *found->second;
    // Written once a batch, not once an event: the entry is shared by all workers.
    if (entry.used_ms.load(std::memory_order_relaxed) < now_ms_) {
        entry.used_ms.store(now_ms_, std::memory_order_relaxed);
    }
    return &entry.lookup;
}

std::vector<model::SchemaKey> SchemaView::missing() const {
    std::vector<model::SchemaKey> keys;
    for (const auto& [key, question] : missing_.questions) keys.push_back(key);
    return keys;
}

SchemaView::Answers SchemaView::ask() {
    auto& questions = missing_.questions;
    under_way_ = static_cast<std::size_t>(
        std::count_if(questions.begin(), questions.end(),
                      [](const auto& item) { return item.second.ticket != nullptr; }));
    Passed passed = pass();
    // Whose turn had not come: nothing that is under way would wake the record for them.
    while (passed.answered && !passed.is_out && under_way_ == 0 && !questions.empty()) {
        passed = pass();
    }
    if (questions.empty()) {
        missing_.waiting_since_ms = 0;
        return Answers::kAll;
    }
    return passed.is_out && under_way_ == 0 ? Answers::kOut : Answers::kUnderWay;
}

// Over the questions, once.
SchemaView::Passed SchemaView::pass() {
    auto& questions = missing_.questions;
    Passed passed;
    for (auto item = questions.begin(); item != questions.end();) {
        const auto& [key, question] = *item;
        SchemaCache::Entry entry = answer_to(key, item->second);
        if (entry == nullptr) {
            ++item;
            continue;
        }
        // From the first answer on: a registry that hangs takes its time before it.
        if (missing_.waiting_since_ms == 0) missing_.waiting_since_ms = cache_.now_ms();
        if (cache_.must_wait(key, *entry, missing_.waiting_since_ms)) {
            passed.is_out = true;
            ++item;
            continue;
        }
        if (question.was_asked && !entry->is_found()) ++missing_.unknown;
        // Another record may have had its answer meanwhile, and refer to that.
        if (!missing_.refused.contains(key)) known_.try_emplace(key, std::move(entry));
        item = questions.erase(item);
        passed.answered = true;
    }
    return passed;
}

// nullptr: not known yet.
SchemaCache::Entry SchemaView::answer_to(const model::SchemaKey& key,
                                         MissingSchemas::Question& question) {
    if (question.ticket == nullptr) {
        if (auto entry = cache_.get_known(key)) return entry;
        if (missing_.unknown >= loader_.settings().unknown_a_record) {
            return refuse(key, kTooMany);
        }
        if (!may_ask_more()) return nullptr;
        auto ticket = loader_.request(key);
        if (ticket == nullptr) return refuse(key, kTooLate);
        question = {.ticket = std::move(ticket), .since = loader_.now(), .was_asked = true};
        ++under_way_;
    }
    if (!question.ticket->has_landed() && !is_late(key, question)) return nullptr;
    --under_way_;
    const auto ticket = std::exchange(question.ticket, nullptr);
    question.was_asked = ticket->has_landed() && !ticket->is_refused();
    return ticket->has_landed() ? take_answer(key, *ticket) : refuse(key, kTooLate);
}

SchemaCache::Entry SchemaView::take_answer(const model::SchemaKey& key, const Loading& loading) {
    if (loading.is_refused()) return refuse(key, kTooLate);
    // The next record asks again: the cache does not know of this.
    if (loading.is_broken()) missing_.refused.insert_or_assign(key, loading.entry());
    return loading.entry();
}

bool SchemaView::is_late(const model::SchemaKey& key,
                         const MissingSchemas::Question& question) const {
    return !question.ticket->has_begun() &&
           loader_.now() - question.since >= loader_.settings().record_time &&
           loader_.may_refuse(key.vendor);
}

// Those that are under way may turn out to be unknown, all of them.
bool SchemaView::may_ask_more() const {
    return under_way_ + missing_.unknown < loader_.settings().unknown_a_record;
}

SchemaCache::Entry SchemaView::refuse(const model::SchemaKey& key, const char* why) {
    Asked asked = cache_.resolver().ask_near(key, client_failure(why));
    auto entry = std::make_shared<CachedLookup>();
    entry->lookup = std::move(asked.lookup);
    entry->history = std::move(asked.history);
    entry->registry = std::move(asked.registry);
    // What is near is the answer that asking all of them would have given.
    if (!entry->is_found()) missing_.refused.insert_or_assign(key, entry);
    return entry;
}

void SchemaView::refresh() {
    now_ms_ = cache_.now_ms();
    forget_missing();
    if (!cache_.keeps_anything()) {
        known_.clear();
        return;
    }
    const std::uint64_t generation = cache_.generation();
    if (generation == generation_) return;
    generation_ = generation;
    for (auto item = known_.begin(); item != known_.end();) {
        item->second = cache_.peek(item->first);
        // Whether a failure is worth waiting for is judged where it is missed, not here: a schema
        // that was evicted and asked for again during an outage must not turn events bad.
        const bool usable = item->second != nullptr && item->second->is_found();
        item = usable ? std::next(item) : known_.erase(item);
    }
}

const Lookup* WaitingSchemaSource::find(const model::SchemaKey& key) {
    auto found = known_.find(key);
    if (found == known_.end()) found = known_.emplace(key, cache_.get(key)).first;
    return &found->second->lookup;
}

}  // namespace snowline::iglu
