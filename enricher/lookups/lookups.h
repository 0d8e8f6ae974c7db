#pragma once

#include <memory>
#include <utility>
#include <vector>

// The room of lookups: answers that come from elsewhere, for a pipeline that does not wait.
//
//   a stage asks a provider: `answer(question)` → the answer, or nullptr: not known yet, which is
//     never "no"; the question is noted, and the stage says that it asks
//     → RecordRun::advance returns Progress::kAsks once each of its events is through or asks
//     → Lookups::ask: what is known elsewhere in the process is taken over, all else is looked up
//       in the background, several questions at a time; this never waits
//     → Lookups::put_aside: the record waits with its questions, and the next record runs
//     → Questions::have_landed → Lookups::take_up, ask, and RecordRun::advance again: each event
//       goes on at the stage that asked
//
// Providers: schemas (schema_lookups.h), remote adapters (remote_lookups.h). One worker has one of
// each, and is the only one that uses them. The questions of all workers are looked up by what they
// share: iglu::SchemaLoader, RemoteAdapterClient. Equal keys of schemas are one question.
namespace snowline::enricher {

/// What a record that is put aside asks a provider.
class Questions {
public:
    virtual ~Questions() = default;
    enum class Landed {
        kNothingAsked,  // by this record, or not to be had now
        kNotYet,
        kYes,
    };
    /// Any thread.
    virtual Landed landed() const = 0;
};

enum class Answers {
    kAll,
    kUnderWay,  // to be asked again when they have landed
    kOut,       // not to be had now, and worth waiting for: to be asked again after a pause
};

/// Who answers questions of one kind. How they are put is up to the kind. One thread.
class Provider {
public:
    virtual ~Provider() = default;

    virtual bool has_questions() const = 0;
    /// Takes over what is known by now; the rest is looked up in the background. Never waits.
    virtual Answers ask() = 0;
    /// The record that runs is put aside; another may come before it is taken up.
    virtual std::unique_ptr<Questions> put_aside() = 0;
    /// `questions` are what this provider gave.
    virtual void take_up(std::unique_ptr<Questions> questions) = 0;
    /// The record is done, or begins again from its bytes: questions that have no answer, and
    /// answers that are for this record only, are forgotten.
    virtual void end_record() = 0;
};

/// What a record asks all providers.
class AllQuestions {
public:
    AllQuestions() = default;
    explicit AllQuestions(std::vector<std::unique_ptr<Questions>> of_providers)
        : of_providers_(std::move(of_providers)) {}

    /// All that was asked has landed, and something was. Any thread.
    bool have_landed() const;
    std::vector<std::unique_ptr<Questions>> take() { return std::move(of_providers_); }

private:
    std::vector<std::unique_ptr<Questions>> of_providers_;
};

/// All providers of a worker.
class Lookups {
public:
    explicit Lookups(std::vector<Provider*> providers) : providers_(std::move(providers)) {}

    bool has_questions() const;
    /// Of all providers.
    Answers ask();
    AllQuestions put_aside();
    void take_up(AllQuestions questions);
    void end_record();

private:
    std::vector<Provider*> providers_;
};

}  // namespace snowline::enricher
