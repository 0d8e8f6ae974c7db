#pragma once

#include "enricher/adapt/adapter.h"
#include "enricher/lookups/remote_lookups.h"

namespace snowline::enricher {

/// The events in a remote adapter's answer: `{"events": [{"e": "pv", …}, …]}`, or `{"error": "why
/// not"}`. Asks (see `asks`) while the answer is not known.
Adapted adapt_remotely(const AdapterInput& input, const RemoteAdapter& adapter,
                       RemoteAnswers& answers);

}  // namespace snowline::enricher
