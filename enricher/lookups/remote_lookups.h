#pragma once

#include "common/result.h"
#include "enricher/lookups/lookups.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace snowline::enricher {

class RemoteAdapterClient;

/// A service of the operator's own that adapts requests to one path.
struct RemoteAdapter {
    std::string vendor, version;
    std::string url;

    bool operator==(const RemoteAdapter&) const = default;
};

/// What a remote adapter is asked, with POST, as JSON.
struct RemoteQuestion {
    std::string url, body;

    bool operator==(const RemoteQuestion&) const = default;
};

/// The body of its response, or why there is none.
using RemoteAnswer = Result<std::string>;

/// The answers of remote adapters. Holds the one for one record, which is one request and so one
/// question: the same request later is another question.
class RemoteAnswers {
public:
    explicit RemoteAnswers(std::vector<RemoteAdapter> adapters) : adapters_(std::move(adapters)) {}

    const RemoteAdapter* find(std::string_view vendor, std::string_view version) const;

    /// The answer to a question; nullptr: not known yet, and noted.
    const RemoteAnswer* answer(RemoteQuestion question);

    /// What was noted and has no answer.
    const RemoteQuestion* missing() const;
    void put(RemoteAnswer answer) { of_record_.answer = std::move(answer); }
    void forget() { of_record_ = {}; }

    /// Of a record that is put aside, and taken up again.
    struct OfRecord {
        std::optional<RemoteQuestion> question{};
        std::optional<RemoteAnswer> answer{};
    };
    OfRecord put_aside() { return std::exchange(of_record_, {}); }
    void take_up(OfRecord of_record) { of_record_ = std::move(of_record); }

private:
    std::vector<RemoteAdapter> adapters_;
    OfRecord of_record_;
};

class RemoteAsking;

/// Asks the adapters over HTTP. That none answers in time is an answer, too.
class RemoteLookups final : public Provider {
public:
    /// The client is shared by all workers and outlives this; nullptr: there are no adapters.
    explicit RemoteLookups(RemoteAdapterClient* client);

    RemoteAnswers& answers() { return answers_; }

    bool has_questions() const override { return answers_.missing() != nullptr; }
    Answers ask() override;
    std::unique_ptr<Questions> put_aside() override;
    void take_up(std::unique_ptr<Questions> questions) override;
    void end_record() override;

private:
    RemoteAdapterClient* client_;
    RemoteAnswers answers_;                       // of the record that runs
    std::shared_ptr<const RemoteAsking> asking_;  // none: its question was not asked, or answered
};

}  // namespace snowline::enricher
