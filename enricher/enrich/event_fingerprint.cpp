#include "common/text/utf8.h"
#include "enricher/enrich/configuration/config_reader.h"
#include "enricher/enrich/enrichments.h"
#include "enricher/enrich/hasher.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

// event_fingerprint 1-0-*: a hash of the parameters that the tracker sent, sorted by name.
namespace snowline::enricher {
namespace {

constexpr std::array<std::pair<std::string_view, HashFunction>, 5> kAlgorithms{{
    {"MD5", HashFunction::kMd5},
    {"SHA1", HashFunction::kSha1},
    {"SHA256", HashFunction::kSha256},
    {"SHA384", HashFunction::kSha384},
    {"SHA512", HashFunction::kSha512},
}};
constexpr std::string_view kUnitSeparator = "\x1f";

class EventFingerprint final : public Enrichment {
public:
    EventFingerprint(HashFunction function, std::vector<std::string> excluded)
        : function_(function), excluded_(std::move(excluded)), hasher_(function) {
        std::sort(excluded_.begin(), excluded_.end());
    }

    void apply(Work& work) override {
        sorted_.clear();
        for (const Parameter& parameter : work.raw.parameters) {
            if (parameter.value && !is_excluded(parameter.name)) sorted_.push_back(parameter);
        }
        std::sort(sorted_.begin(), sorted_.end(), [](const Parameter& a, const Parameter& b) {
            return text::utf16_less(a.name, b.name);
        });
        for (const Parameter& parameter : sorted_) {
            hasher_.add(parameter.name);
            hasher_.add(kUnitSeparator);
            hasher_.add(*parameter.value);
            hasher_.add(kUnitSeparator);
        }
        work.event.set(Field::kEventFingerprint, hasher_.finish(work.arena));
    }

    std::unique_ptr<Enrichment> clone() const override {
        return std::make_unique<EventFingerprint>(function_, excluded_);
    }

private:
    bool is_excluded(std::string_view name) const {
        return std::binary_search(excluded_.begin(), excluded_.end(), name);
    }

    HashFunction function_;
    std::vector<std::string> excluded_;
    Hasher hasher_;
    std::vector<Parameter> sorted_;
};

}  // namespace

MadeEnrichment make_event_fingerprint(const EnrichmentConfig& config) {
    std::array<std::string_view, kAlgorithms.size()> names;
    std::transform(kAlgorithms.begin(), kAlgorithms.end(), names.begin(),
                   [](const auto& algorithm) { return algorithm.first; });
    std::vector<std::string> errors;
    ConfigReader parameters(config.parameters, "parameters", errors);
    const auto name = parameters.choice("hashAlgorithm", names);
    auto excluded = parameters.texts("excludeParameters");
    if (!errors.empty()) return unexpected(errors);
    const auto algorithm = std::find_if(kAlgorithms.begin(), kAlgorithms.end(),
                                        [&](const auto& a) { return a.first == name; });
    return std::make_unique<EventFingerprint>(algorithm->second, std::move(excluded));
}

}  // namespace snowline::enricher
