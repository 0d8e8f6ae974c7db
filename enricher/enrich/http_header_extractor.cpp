#include "common/regex/java_regex.h"
#include "common/text/ascii.h"
#include "enricher/enrich/configuration/config_reader.h"
#include "enricher/enrich/enrichments.h"

#include <memory>
#include <string>
#include <utility>

// http_header_extractor 1-0-*: a context for each header whose name matches a pattern.
namespace snowline::enricher {
namespace {

constexpr std::string_view kSchema = "iglu:org.ietf/http_header/jsonschema/1-0-0";

class HttpHeaderExtractor final : public Enrichment {
public:
    explicit HttpHeaderExtractor(std::shared_ptr<const text::JavaRegex> names)
        : names_(std::move(names)) {}

    void apply(Work& work) override {
        for (const std::string_view header : work.raw.sender.headers) {
            const std::size_t colon = header.find(':');
            if (colon == std::string_view::npos) continue;
            const std::string_view name = header.substr(0, colon);
            if (names_->matches(name) != text::JavaRegex::Outcome::kYes) continue;
            const std::array members{
                json::Member{"name", json::Value::string(text::java_trim(name))},
                json::Member{"value",
                             json::Value::string(text::java_trim(header.substr(colon + 1)))}};
            add_context(work, kSchema, members);
        }
    }

    std::unique_ptr<Enrichment> clone() const override {
        return std::make_unique<HttpHeaderExtractor>(*this);
    }

private:
    std::shared_ptr<const text::JavaRegex> names_;
};

}  // namespace

MadeEnrichment make_http_header_extractor(const EnrichmentConfig& config) {
    std::vector<std::string> errors;
    ConfigReader parameters(config.parameters, "parameters", errors);
    const std::string pattern = parameters.text("headersPattern");
    if (!errors.empty()) return unexpected(errors);
    auto names = text::JavaRegex::compile(pattern);
    if (!names) {
        parameters.wrong("headersPattern", "a Java regular expression: " + names.error());
        return unexpected(errors);
    }
    return std::make_unique<HttpHeaderExtractor>(
        std::make_shared<const text::JavaRegex>(std::move(*names)));
}

}  // namespace snowline::enricher
