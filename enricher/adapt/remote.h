#pragma once

#include "enricher/adapt/adapter.h"
#include "enricher/lookups/remote_lookups.h"

namespace snowline::enricher {

/// The events that a remote adapter made of the request: `{"events": [{"e": "pv", …}, …]}`, or
/// `{"error": "why not"}`. Asks while its answer is not known.
Adapted adapt_remotely(const AdapterInput& input, const RemoteAdapter& adapter,
                       RemoteAnswers& answers);

}  // namespace snowline::enricher
