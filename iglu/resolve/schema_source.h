#pragma once

#include "iglu/resolve/lookup.h"

namespace snowline::iglu {

/// Where the enricher's core gets its schemas from. The core does no I/O: an implementation either
/// tells what it knows now (SchemaView), or, in a command line tool, may wait here
/// (WaitingSchemaSource). One thread.
class SchemaSource {
public:
    virtual ~SchemaSource() = default;
    /// nullptr: not known yet, which says nothing about the schema; once it is known, ask again.
    /// The answer stays valid until the source is refreshed, which never happens inside a batch.
    virtual const Lookup* find(const model::SchemaKey& key) = 0;
};

}  // namespace snowline::iglu
