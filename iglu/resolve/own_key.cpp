#include "iglu/resolve/own_key.h"

#include <utility>

#include <fmt/format.h>

namespace snowline::iglu {

Result<void, std::string> check_own_key(json::Value schema, const model::SchemaKey& asked) {
    const json::Value* self = schema.find("self");
    if (self == nullptr || !self->is_object()) return {};
    const std::string version = asked.version.to_string();
    const std::pair<const char*, std::string_view> parts[] = {
        {"vendor", asked.vendor},
        {"name", asked.name},
        {"format", asked.format},
        {"version", version},
    };
    constexpr std::size_t kQuotedBytesMax = 256;  // of a registry's words in a bad row
    std::string found;
    bool is_other = false;
    for (const auto& [part, wanted] : parts) {
        const json::Value* value = self->find(part);
        const bool is_text = value != nullptr && value->is_string();
        const std::string_view text = is_text ? value->text() : wanted;
        is_other |= text != wanted;
        found += found.empty() ? "" : "/";
        found += text.substr(0, kQuotedBytesMax);
    }
    if (!is_other) return {};
    return unexpected(
        fmt::format("Schema of another key: asked for {}, its self is {}", asked.to_path(), found));
}

}  // namespace snowline::iglu
