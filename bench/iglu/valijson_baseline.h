#pragma once

#include <memory>
#include <string>

/// Plain valijson 1.0 over RapidJSON, as one would use it: the schema compiled once, the instance
/// parsed before.
class ValijsonBaseline {
public:
    ValijsonBaseline(const std::string& schema, const std::string& instance);
    ~ValijsonBaseline();

    bool is_valid();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};
