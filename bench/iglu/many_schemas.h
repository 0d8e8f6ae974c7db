#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

/// Entities as a worker of the enricher checks them, the schema's URI looked up and the data
/// judged, with many schemas in use: each is one of a few texts under a name of its own.
class ManySchemas {
public:
    enum class Use {
        kInTurn,  // far apart, so that none stays in the processor's caches longer than it would
        kZipf,    // the nth most frequent one n times as seldom as the first, as in many a stream
    };
    struct Kind {
        std::string schema, instance;  // JSON; the instance is valid
    };

    ManySchemas(const std::vector<Kind>& kinds, std::size_t count, Use use);
    ~ManySchemas();

    /// Checks so many entities.
    void check(std::size_t entities);
    /// Heap bytes of a schema: URI, cache entry and program; shared patterns are in it, too.
    std::size_t bytes_each() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};
