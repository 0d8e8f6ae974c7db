#pragma once

#include "common/result.h"
#include "enricher/lookups/lookups.h"

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
    void put(RemoteAnswer answer) { answer_ = std::move(answer); }
    void forget();

private:
    std::vector<RemoteAdapter> adapters_;
    std::optional<RemoteQuestion> question_;
    std::optional<RemoteAnswer> answer_;
};

/// Asks the adapters over HTTP. That none answers in time is an answer, too.
class RemoteLookups final : public Provider {
public:
    /// The client is shared by all workers and outlives this; nullptr: there are no adapters.
    explicit RemoteLookups(RemoteAdapterClient* client);

    RemoteAnswers& answers() { return answers_; }

    bool has_questions() const override { return answers_.missing() != nullptr; }
    bool resolve() override;
    void end_record() override { answers_.forget(); }

private:
    RemoteAdapterClient* client_;
    RemoteAnswers answers_;
};

}  // namespace snowline::enricher
