// What strangers send, through the enrichments that take texts apart: the first line is an address,
// the second a user agent, the rest are headers and a JSON for a path. Checked besides the
// sanitizers: what ends up in a row has neither tab nor line break.
#include "common/check.h"
#include "common/json/parse.h"
#include "common/text/utf8.h"
#include "enricher/enrich/assets/user_agent_patterns.h"
#include "enricher/enrich/enrichments.h"
#include "enricher/enrich/json_path.h"
#include "enricher/event/decimal.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace snowline;
using namespace snowline::enricher;

namespace {

constexpr std::string_view kPatterns = R"yaml(user_agent_parsers:
  - regex: '(Firefox|Chrome)/(\d+)(?:\.(\d+)|)'
os_parsers:
  - regex: '(Windows) NT (\d+)'
device_parsers:
  - regex: '(.{0,200})Bot'
    device_replacement: 'Bot $1'
)yaml";

class NoAssets final : public AssetSource {
public:
    Result<std::string> local_copy(std::string_view) override {
        return unexpected<std::string>("none");
    }
    void watch(std::string_view, Reload) override {}
};

class NoSchemas final : public iglu::SchemaSource {
public:
    const iglu::Lookup* find(const model::SchemaKey&) override { return &none_; }

private:
    iglu::Lookup none_{iglu::ResolutionError{}};
};

std::unique_ptr<Enrichment> make(MadeEnrichment (*factory)(const EnrichmentConfig&),
                                 std::string_view parameters) {
    json::Arena arena;
    NoAssets assets;
    const auto parsed = json::parse(parameters, arena);
    const model::SchemaKey schema{};
    auto made =
        factory({.schema = schema, .parameters = *parsed, .data = *parsed, .assets = assets});
    SNOWLINE_CHECK(made.has_value());
    return std::move(*made);
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto anon_ip = make(make_anon_ip, R"({"anonOctets":2,"anonSegments":3})");
    static const auto cookies = make(make_cookie_extractor, R"({"cookies":["a","sp"]})");
    static const auto headers =
        make(make_http_header_extractor, R"({"headersPattern":"(?i)x-.*"})");
    static const auto patterns = UserAgentPatterns::parse(kPatterns);
    static const auto path = JsonPath::parse("$..a[*]['b','c']");

    const std::string valid = text::to_valid_utf8({reinterpret_cast<const char*>(data), size});
    std::string_view rest = valid;
    NoSchemas registry;
    SchemaTable schemas(registry);
    json::Arena arena;
    RawEvent raw;
    EnrichedEvent event;
    event.set(Field::kUserIpaddress, take_line(rest));
    (*patterns)->find(take_line(rest));
    std::vector<std::string_view> lines;
    while (!rest.empty() && rest.front() != '{') lines.push_back(take_line(rest));
    raw.sender.headers = lines;
    Work work{.raw = raw,
              .event = event,
              .schemas = schemas,
              .arena = arena,
              .now_ms = 0,
              .charset = Charset::kUtf8};
    const bool was_clean =
        event[Field::kUserIpaddress].find_first_of("\t\r\n") == std::string_view::npos;
    for (Enrichment* enrichment : {anon_ip.get(), cookies.get(), headers.get()}) {
        enrichment->apply(work);
    }
    SNOWLINE_CHECK(!was_clean ||
                   event[Field::kUserIpaddress].find_first_of("\t\r\n") == std::string_view::npos);
    if (const auto json = json::parse(rest, arena)) {
        json::Value copy = mutable_copy(*json, arena, respell_number);
        SNOWLINE_CHECK(path->find(copy).size() <= 2 * JsonPath::kPlacesMax);
    }
    static_cast<void>(JsonPath::parse(rest));
    static_cast<void>(UserAgentPatterns::parse(rest));
    return 0;
}
