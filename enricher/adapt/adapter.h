#pragma once

#include "common/json/arena.h"
#include "common/result.h"
#include "enricher/adapt/schema_settings.h"
#include "enricher/event/schema_table.h"
#include "enricher/load/failure.h"
#include "enricher/load/payload.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace snowline::enricher {

class RemoteAnswers;

/// What an adapter works with. Whatever it makes lives in `arena`.
struct AdapterInput {
    const Payload& payload;
    const Parameters& querystring;  // the same as a map
    SchemaTable& schemas;
    json::Arena& arena;
    RemoteAnswers* remote = nullptr;  // of adapters that are services; none: there are none
    const SchemaReplacements* replaced_schemas = nullptr;  // none: all are ours
};

/// The events of a request; or all the reasons why it has none: one bad row for the request.
using Adapted = Result<std::vector<RawEvent>, std::vector<AdapterFailure>>;

/// An adapter turns a vendor's request into events of the tracker protocol. Pure, no input may make
/// it throw. One file a vendor, and one line in adapters.cpp.
using Adapter = Adapted (*)(const AdapterInput&);

/// The adapter for what a request's path says; nullptr where there is none.
Adapter find_adapter(std::string_view vendor, std::string_view version);

/// Chooses the adapter and runs it; a remote one comes before our own. An unknown vendor or version
/// is a failure as well.
Adapted adapt(const AdapterInput& input);

/// A raw event of this request with these parameters: sender and content type are the request's.
RawEvent raw_event(const AdapterInput& input, Parameters parameters);

}  // namespace snowline::enricher
