#pragma once

#include "common/result.h"
#include "enricher/adapt/adapter.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

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

/// The core does not wait: it notes what must be asked, its caller asks, and maps the record again.
/// One worker's; holds the answer for one record, which is one request and so one question.
class RemoteAnswers {
public:
    explicit RemoteAnswers(std::vector<RemoteAdapter> adapters) : adapters_(std::move(adapters)) {}

    const RemoteAdapter* find(std::string_view vendor, std::string_view version) const;

    /// The answer to a question; nullptr where it must be asked first.
    const RemoteAnswer* answer_to(RemoteQuestion question);

    /// What must be asked before the record's rows are of use.
    const RemoteQuestion* missing() const;
    void put(RemoteAnswer answer) { answer_ = std::move(answer); }

    /// To be called when a record is done: the same request later is another question.
    void forget();

private:
    std::vector<RemoteAdapter> adapters_;
    std::optional<RemoteQuestion> question_;
    std::optional<RemoteAnswer> answer_;
};

/// The events that a remote adapter made of the request: `{"events": [{"e": "pv", …}, …]}`, or
/// `{"error": "why not"}`. A failure while its answer is missing.
Adapted adapt_remotely(const AdapterInput& input, const RemoteAdapter& adapter,
                       RemoteAnswers& answers);

}  // namespace snowline::enricher
