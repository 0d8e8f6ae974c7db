#pragma once

#include "common/json/value.h"
#include "common/model/schema_key.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace snowline::iglu::infer {

struct InferenceOptions {
    bool enums = false;  // texts with few values that come often become enums
};

/// Learns a schema from examples: types, what is always there, formats, and bounds with room above
/// what was seen. It takes every example that it saw, refuses names that it did not, and passes
/// lint. Its descriptions are made of names and are the author's to write. At most 5,000 fields, 20
/// levels deep; what is beyond may be anything.
class Inference {
public:
    Inference();
    ~Inference();
    Inference(Inference&&) noexcept;
    Inference& operator=(Inference&&) noexcept;

    void add(json::Value example);
    std::int64_t examples() const { return examples_; }

    /// The whole schema, as people write it: indented, with `$schema` and `self`. There must have
    /// been an example.
    std::string schema(const model::SchemaKey& key, const InferenceOptions& options = {}) const;

private:
    struct Node;

    void learn(Node& node, json::Value value, std::size_t depth);

    std::unique_ptr<Node> root_;
    std::int64_t examples_ = 0;
    std::size_t nodes_ = 1;
};

}  // namespace snowline::iglu::infer
