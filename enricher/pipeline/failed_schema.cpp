#include "enricher/pipeline/failed_schema.h"

#include <variant>

namespace snowline::enricher {
namespace {

template <class Variant>
const model::SchemaKey* schema_of(const Variant& failure) {
    return std::visit(
        [](const auto& kind) -> const model::SchemaKey* {
            if constexpr (requires { kind.key; }) return &kind.key;
            return nullptr;
        },
        failure);
}

const model::SchemaKey* schema_of(const EnrichmentFailure& failure) {
    return schema_of(failure.message);
}

template <class Failure>
std::string_view first(std::span<const Failure> failures, json::Arena& arena) {
    for (const Failure& failure : failures) {
        if (const model::SchemaKey* key = schema_of(failure)) return arena.copy(key->to_path());
    }
    return {};
}

}  // namespace

std::string_view first_schema(std::span<const AdapterFailure> failures, json::Arena& arena) {
    return first(failures, arena);
}
std::string_view first_schema(std::span<const SchemaViolation> failures, json::Arena& arena) {
    return first(failures, arena);
}
std::string_view first_schema(std::span<const EnrichmentFailure> failures, json::Arena& arena) {
    return first(failures, arena);
}

}  // namespace snowline::enricher
