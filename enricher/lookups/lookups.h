#pragma once

#include <utility>
#include <vector>

// The room of lookups: answers that come from elsewhere, for a pipeline that does not wait.
//
//   a stage asks a provider: `answer(question)` → the answer, or nullptr: not known yet, which is
//     never "no"; the question is noted, and the stage says that it asks
//     → RecordRun::advance returns Progress::kAsks once each of its events is through or asks
//     → Lookups::resolve: all that was noted is asked, with deadlines; this may wait
//     → RecordRun::advance again: each event goes on at the stage that asked
//
// Providers: schemas (schema_lookups.h), remote adapters (remote_lookups.h). One worker has one of
// each, and is the only one that uses them.
namespace snowline::enricher {

/// Who answers questions of one kind. How they are put is up to the kind. One thread.
class Provider {
public:
    virtual ~Provider() = default;

    virtual bool has_questions() const = 0;
    /// Asks what was noted; waits, for a bounded time. False where an answer is not to be had now
    /// and worth waiting for: the record is put aside, its partition waits.
    virtual bool resolve() = 0;
    /// The record is done or put aside: questions that have no answer, and answers that are for
    /// this record only, are forgotten.
    virtual void end_record() = 0;
};

/// All providers of a worker.
class Lookups {
public:
    explicit Lookups(std::vector<Provider*> providers) : providers_(std::move(providers)) {}

    bool has_questions() const;
    /// Of all providers; false where one of them says so.
    bool resolve();
    void end_record();

private:
    std::vector<Provider*> providers_;
};

}  // namespace snowline::enricher
