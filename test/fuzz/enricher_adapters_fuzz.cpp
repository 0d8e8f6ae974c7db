// Requests to all adapters. An input is lines: the path's vendor and version, the querystring, the
// content type (`-` for none); what is left is the body, `-` for none.
#include "common/check.h"
#include "common/json/parse.h"
#include "enricher/adapt/adapter.h"
#include "enricher/load/querystring.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace snowline::enricher {
namespace {

class NoSchemas : public iglu::SchemaSource {
public:
    const iglu::Lookup* find(const model::SchemaKey&) override { return &nothing_; }

private:
    iglu::Lookup nothing_ = iglu::ResolutionError{};
};

std::string_view take(std::string_view& rest, char end) {
    const std::size_t at = rest.find(end);
    const std::string_view part = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
    return part;
}

std::optional<std::string_view> unless_dash(std::string_view text) {
    return text == "-" ? std::nullopt : std::optional(text);
}

// An event has a JSON that its schema can judge, or the request says why there is none.
void check(const Adapted& adapted, json::Arena& arena) {
    if (!adapted) {
        SNOWLINE_CHECK(!adapted.error().empty());
        return;
    }
    SNOWLINE_CHECK(!adapted->empty());
    for (const RawEvent& event : *adapted) {
        for (const std::string_view name : {"ue_pr", "co"}) {
            const auto text = event.parameters.value(name);
            const bool is_ours = event.parameters.value("tv").value_or("").starts_with("com.");
            if (!text || !is_ours) continue;
            SNOWLINE_CHECK(json::parse(*text, arena, {.depth_max = 1'000'000}).has_value());
        }
    }
}

}  // namespace
}  // namespace snowline::enricher

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace snowline;
    using namespace snowline::enricher;
    json::Arena arena;
    NoSchemas source;
    SchemaTable schemas(source);
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    Payload payload;
    payload.vendor = take(rest, ' ');
    payload.version = take(rest, '\n');
    auto pairs = parse_querystring(take(rest, '\n'), Charset::kUtf8, arena);
    if (pairs) payload.querystring = std::move(*pairs);
    payload.content_type = unless_dash(take(rest, '\n'));
    payload.body = unless_dash(rest);
    const Parameters querystring(payload.querystring);
    check(
        adapt({.payload = payload, .querystring = querystring, .schemas = schemas, .arena = arena}),
        arena);
    return 0;
}
