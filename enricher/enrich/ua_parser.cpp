#include "enricher/enrich/assets/generation_cache.h"
#include "enricher/enrich/assets/live_asset.h"
#include "enricher/enrich/assets/user_agent_patterns.h"
#include "enricher/enrich/configuration/config_reader.h"
#include "enricher/enrich/enrichments.h"

#include <string>
#include <utility>

// ua_parser_config 1-0-*: a context with browser, system and device of the user agent.
namespace snowline::enricher {
namespace {

constexpr std::string_view kSchema =
    "iglu:com.snowplowanalytics.snowplow/ua_parser_context/jsonschema/1-0-0";
/// Where Debian's package `uap-core` puts its patterns.
constexpr const char* kInstalled = "/usr/share/uap-core/regexes.yaml";

constexpr std::size_t kCachedMax = 10'000;      // for each worker; at times twice as many
constexpr std::size_t kCachedBytesMax = 1'000;  // longer ones make the event bad anyway

/// The members of the context, in order, built once for each user agent.
struct Member {
    std::string_view name;
    std::optional<std::string> value;
};
using Members = std::array<Member, 12>;

/// `Chrome 120.0.6099`; missing parts are left out.
template <std::size_t kParts>
std::string version(const std::string& family,
                    const std::array<std::optional<std::string>, kParts>& parts) {
    std::string out = family;
    for (std::size_t i = 0; i < kParts; ++i) {
        if (parts[i]) (out += i == 0 ? ' ' : '.') += *parts[i];
    }
    return out;
}

Members members_of(const UserAgentFacts& facts) {
    const auto& agent = facts.agent_version;
    const auto& os = facts.os_version;
    return {{{"useragentFamily", facts.agent_family},
             {"useragentMajor", agent[0]},
             {"useragentMinor", agent[1]},
             {"useragentPatch", agent[2]},
             {"useragentVersion", version(facts.agent_family, agent)},
             {"osFamily", facts.os_family},
             {"osMajor", os[0]},
             {"osMinor", os[1]},
             {"osPatch", os[2]},
             {"osPatchMinor", os[3]},
             {"osVersion", version(facts.os_family, os)},
             {"deviceFamily", facts.device_family}}};
}

class UaParser final : public Enrichment {
public:
    explicit UaParser(LiveAsset<UserAgentPatterns> patterns) : patterns_(std::move(patterns)) {}

    void apply(Work& work) override {
        const auto user_agent = work.event.get(Field::kUseragent);
        if (!user_agent) return;
        const UserAgentPatterns& patterns = patterns_.get();
        if (user_agent->size() > kCachedBytesMax) {
            return add(members_of(patterns.find(*user_agent)), work);
        }
        if (std::exchange(cached_version_, patterns_.version()) != patterns_.version()) {
            cache_.clear();
        }
        add(cache_.find_or(*user_agent, [&] { return members_of(patterns.find(*user_agent)); }),
            work);
    }

    std::unique_ptr<Enrichment> clone() const override {
        return std::make_unique<UaParser>(patterns_);
    }

private:
    static void add(const Members& found, Work& work) {
        std::array<json::Member, std::tuple_size_v<Members>> members;
        for (std::size_t i = 0; i < found.size(); ++i) {
            members[i] = {.name = found[i].name, .value = json::Value::null()};
            if (found[i].value) {
                const std::string_view text = *found[i].value;
                members[i].value = json::Value::string(work.arena.copy(text));
            }
        }
        add_context(work, kSchema, members);
    }

    LiveAsset<UserAgentPatterns> patterns_;
    GenerationCache<Members> cache_{kCachedMax};
    std::uint64_t cached_version_ = 0;
};

}  // namespace

MadeEnrichment make_ua_parser(const EnrichmentConfig& config) {
    std::vector<std::string> errors;
    ConfigReader parameters(config.parameters, "parameters", errors);
    const auto database = parameters.optional_text("database");
    const auto uri = parameters.optional_text("uri");
    if (database.has_value() != uri.has_value()) {
        parameters.wrong(database ? "uri" : "database", "both of uri and database, or none");
    }
    if (!errors.empty()) return unexpected(errors);
    if (uri) {
        auto patterns = LiveAsset<UserAgentPatterns>::open(asset_uri(*uri, *database),
                                                           config.assets, UserAgentPatterns::read);
        if (!patterns) return unexpected(std::vector{"parameters.database: " + patterns.error()});
        return std::make_unique<UaParser>(std::move(*patterns));
    }
    auto installed = UserAgentPatterns::read(kInstalled);
    if (!installed) {
        return unexpected(std::vector{
            installed.error() +
            "; install the package uap-core, or set parameters.uri and parameters.database"});
    }
    return std::make_unique<UaParser>(LiveAsset<UserAgentPatterns>::fixed(std::move(*installed)));
}

}  // namespace snowline::enricher
