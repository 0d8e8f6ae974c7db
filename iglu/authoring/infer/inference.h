#pragma once

#include "common/json/value.h"
#include "common/model/schema_key.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace snowline::iglu::infer {

struct InferenceOptions {
    bool enums = false;  // texts with few, frequent values become enums
};

/// Infers a schema from examples: types, required members, formats, and bounds with room above the
/// values seen. The schema accepts all examples, refuses members that none had, and passes lint.
/// Its descriptions are derived from names, as drafts for the author. At most 5,000 fields, 20
/// levels deep; parts beyond accept anything.
class Inference {
public:
    Inference();
    ~Inference();
    Inference(Inference&&) noexcept;
    Inference& operator=(Inference&&) noexcept;

    void add(json::Value example);
    std::int64_t examples() const { return examples_; }

    /// The whole schema, indented, with `$schema` and `self`. Needs at least one example.
    std::string schema(const model::SchemaKey& key, const InferenceOptions& options = {}) const;

private:
    struct Node;

    void learn(Node& node, json::Value value, std::size_t depth);

    std::unique_ptr<Node> root_;
    std::int64_t examples_ = 0;
    std::size_t nodes_ = 1;
};

}  // namespace snowline::iglu::infer
