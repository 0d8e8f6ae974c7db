#pragma once

#include "enricher/adapt/adapter.h"

/// One adapter a file; which path each serves is in adapters.cpp.
namespace snowline::enricher {

/// The pixel's first protocol: one event in the querystring.
Adapted adapt_tracker_protocol_1(const AdapterInput& input);

/// One event in the querystring, or an array of events in a self-describing JSON body.
Adapted adapt_tracker_protocol_2(const AdapterInput& input);

/// A click that the collector redirected: `u` is where to; becomes an event, or a context of one.
Adapted adapt_redirect(const AdapterInput& input);

/// Self-describing events of anything that can send a querystring, a form or a JSON.
Adapted adapt_iglu(const AdapterInput& input);

}  // namespace snowline::enricher
