#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

/// Entities as a worker of the enricher checks them, the schema's URI looked up and the data
/// judged, with many schemas in use: each is one of a few texts under a name of its own. They are
/// taken in turn, far apart, so that none stays in the processor's caches longer than it would.
class ManySchemas {
public:
    struct Kind {
        std::string schema, instance;  // JSON; the instance is valid
    };

    ManySchemas(const std::vector<Kind>& kinds, std::size_t count);
    ~ManySchemas();

    /// Checks so many entities.
    void check(std::size_t entities);
    /// Heap bytes of a schema: URI, cache entry and program; shared patterns are in it, too.
    double bytes_each() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};
