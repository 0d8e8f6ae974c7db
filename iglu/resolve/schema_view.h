#pragma once

#include "iglu/resolve/schema_loader.h"
#include "iglu/resolve/schema_source.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace snowline::iglu {

/// What one record asked for and does not know yet, as far as that has come; and what is true for
/// this record only. A value: whoever puts the record aside keeps it.
struct MissingSchemas {
    struct Question {
        SchemaLoader::Ticket ticket{};     // none: not asked yet, or not to be had now
        SchemaLoader::SteadyTime since{};  // when this record got the ticket
        bool was_asked = false;
    };
    template <class T>
    using ByKey = std::unordered_map<model::SchemaKey, T, model::SchemaKeyHash>;

    ByKey<Question> questions{};
    ByKey<SchemaCache::Entry> refused{};
    std::size_t unknown = 0;            // of those that were asked
    std::int64_t waiting_since_ms = 0;  // from the first answer on; 0: nothing is waited for

    /// Whether something is being looked up, and whether all of that has an answer, which
    /// SchemaView::ask takes over. Any thread.
    bool is_under_way() const;
    bool has_landed() const;
};

/// One worker's schemas in a running enricher: `find` takes no lock and never waits. A key that it
/// does not know yet is noted; who asked puts his work aside, calls `ask`, and asks again.
///
///     while (run.advance() == Progress::kAsks) {
///         if (view.ask() != SchemaView::Answers::kAll) return put_aside(run, view.put_aside());
///     }
///
/// A record needs as many rounds as its schemas are nested (three at most), and only while they are
/// new to this worker. One thread; it may change hands between batches.
class SchemaView final : public SchemaSource {
public:
    explicit SchemaView(SchemaLoader& loader);

    const Lookup* find(const model::SchemaKey& key) override;

    bool is_missing() const { return !missing_.questions.empty(); }
    std::vector<model::SchemaKey> missing() const;

    enum class Answers {
        kAll,
        kUnderWay,  // call again when they have landed
        kOut,       // a registry is out, and worth waiting for: call again after a pause
    };
    /// Takes over what is known by now of what `find` missed, and has the rest looked up in the
    /// background. Never waits (but see LoaderSettings::concurrent_max).
    ///
    /// What a record may cost is bounded: once `unknown_a_record` of its keys are unknown, what is
    /// left is a ResolutionError, for this record only, that says so for each registry that was not
    /// asked; and so is a key that the loader refuses, or has queued for `record_time` where it
    /// says so (`may_refuse`).
    Answers ask();

    /// The record is put aside, and comes back; another one may come between.
    MissingSchemas put_aside() { return std::exchange(missing_, {}); }
    void take_up(MissingSchemas missing) { missing_ = std::move(missing); }
    /// The record is done, or begins again from its bytes.
    void forget_missing() { missing_ = {}; }

    /// Between batches: takes over what the cache has refreshed. References given before are gone.
    void refresh();

    /// What it knows. References that it gave live as long as this.
    using Known = MissingSchemas::ByKey<SchemaCache::Entry>;
    const Known& known() const { return known_; }
    void swap_known(Known& known) { known_.swap(known); }

private:
    struct Passed {
        bool is_out = false;    // something is worth waiting for
        bool answered = false;  // a question, at least
    };
    Passed pass();
    SchemaCache::Entry answer_to(const model::SchemaKey& key, MissingSchemas::Question& question);
    SchemaCache::Entry take_answer(const model::SchemaKey& key, const Loading& loading);
    bool is_late(const model::SchemaKey& key, const MissingSchemas::Question& question) const;
    bool may_ask_more() const;
    SchemaCache::Entry refuse(const model::SchemaKey& key, const char* why);

    SchemaLoader& loader_;
    SchemaCache& cache_;
    std::uint64_t generation_;
    std::int64_t now_ms_;
    Known known_;
    MissingSchemas missing_;     // of the record that runs
    std::size_t under_way_ = 0;  // of `missing_`, while it asks
};

/// For command line tools: `find` waits for the registries, for a bounded time. Every answer is
/// kept until `forget`, which makes the references given before invalid.
class WaitingSchemaSource final : public SchemaSource {
public:
    explicit WaitingSchemaSource(SchemaCache& cache) : cache_(cache) {}

    const Lookup* find(const model::SchemaKey& key) override;

    std::size_t size() const { return known_.size(); }
    void forget() { known_.clear(); }

private:
    SchemaCache& cache_;
    std::unordered_map<model::SchemaKey, SchemaCache::Entry, model::SchemaKeyHash> known_;
};

}  // namespace snowline::iglu
