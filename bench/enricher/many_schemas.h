#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

/// What an event costs the enricher's core with many schemas in use: a self-describing event with
/// three contexts, each of its four entities by another schema, in turn.
class EventsOfManySchemas {
public:
    struct Kind {
        std::string schema, instance;  // JSON; the instance is valid
    };

    EventsOfManySchemas(const std::vector<Kind>& kinds, std::size_t schemas, std::size_t events);
    ~EventsOfManySchemas();

    /// All of them, once: CPU ns an event. The first round resolves and compiles the schemas.
    double run();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};
