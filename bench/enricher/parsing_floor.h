#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace snowline::bench {

/// The least that any enricher has to do for a record, as a plain loop: reads the Thrift fields,
/// splits the querystring or parses the body, decodes base64, parses the contexts and the event in
/// place with RapidJSON (encoding checked, numbers as strings), prints them again, and joins 131
/// columns. No validation, no enrichment, no bad rows: the yardstick that our own time is held to.
class ParsingFloor {
public:
    ParsingFloor();
    ~ParsingFloor();

    /// Events of the record; their rows stay inside, in memory that is used again.
    std::size_t run(std::string_view record);
    std::size_t bytes_written() const;

private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace snowline::bench
