#pragma once

#include "common/json/arena.h"
#include "common/result.h"
#include "enricher/adapt/schema_settings.h"
#include "enricher/event/schema_table.h"
#include "enricher/load/failure.h"
#include "enricher/load/payload.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace snowline::enricher {

class RemoteAnswers;

/// How much of a request becomes events; what is left out is only counted. A body of a megabyte can
/// hold 500,000 of them, and each has a copy of the querystring's parameters.
class EventsBound {
public:
    explicit EventsBound(std::size_t events_max) : events_max_(events_max) {}

    /// The parameters of all events of a request, at most.
    static constexpr std::size_t kParametersMax = 300'000;

    /// Whether another event fits behind `events`. False: it is counted as left out.
    bool has_room(const std::vector<RawEvent>& events);

    std::size_t events_max() const { return events_max_; }
    std::size_t left_out() const { return left_out_; }

private:
    std::size_t events_max_, left_out_ = 0;
    std::size_t counted_ = 0, parameters_ = 0;  // of the first events
};

/// The input of an adapter. Results live in `arena`.
struct AdapterInput {
    const Payload& payload;
    const Parameters& querystring;  // the payload's, as a map
    SchemaTable& schemas;
    json::Arena& arena;
    RemoteAnswers* remote = nullptr;  // answers of remote adapters; nullptr: none are configured
    const SchemaReplacements* replaced_schemas = nullptr;  // nullptr: no schema is replaced
    /// Cache of the parsed body for a repeated call, made when an answer was missing; nullptr: no
    /// cache.
    std::optional<json::Value>* body = nullptr;
    EventsBound* bound = nullptr;  // nullptr: none
};

/// The events of a request, or all failures, which become one bad row for the request. An empty
/// list of failures: an answer is not known yet, see lookups/lookups.h.
using Adapted = Result<std::vector<RawEvent>, std::vector<AdapterFailure>>;
inline bool asks(const Adapted& adapted) {
    return !adapted && adapted.error().empty();
}

/// Turns a vendor's request into events of the tracker protocol. Pure; no input makes it throw.
/// Each vendor has one file, and one line in adapters.cpp.
using Adapter = Adapted (*)(const AdapterInput&);

/// The adapter for the vendor and version in a request's path; nullptr where there is none.
Adapter find_adapter(std::string_view vendor, std::string_view version);

/// Selects the adapter and runs it; configured remote adapters take precedence. An unknown vendor
/// or version is a failure, too.
Adapted adapt(const AdapterInput& input);

/// Whether the bound has room for another event behind these.
inline bool has_room(const AdapterInput& input, const std::vector<RawEvent>& events) {
    return input.bound == nullptr || input.bound->has_room(events);
}

/// A raw event with these parameters; sender and content type are the request's.
RawEvent raw_event(const AdapterInput& input, Parameters parameters);

}  // namespace snowline::enricher
