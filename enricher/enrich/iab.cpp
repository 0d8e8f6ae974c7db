#include "common/model/ip_address.h"
#include "enricher/enrich/assets/iab_lists.h"
#include "enricher/enrich/assets/live_asset.h"
#include "enricher/enrich/configuration/config_reader.h"
#include "enricher/enrich/enrichments.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

// iab_spiders_and_robots_enrichment 1-0-*: whether the visitor is a robot, by the IAB's lists of
// addresses and user agents.
namespace snowline::enricher {
namespace {

constexpr std::string_view kSchema = "iglu:com.iab.snowplow/spiders_and_robots/jsonschema/1-0-0";
constexpr std::array<std::string_view, 3> kImpacts{"PAGE_IMPRESSIONS", "AD_IMPRESSIONS",
                                                   "PAGE_AND_AD_IMPRESSIONS"};

struct Verdict {
    std::string_view category, reason, impact;
};
constexpr Verdict kBrowser{"BROWSER", "PASSED_ALL", "NONE"};

struct Lists {
    LiveAsset<IabAddresses> addresses;
    LiveAsset<IabUserAgents> include, exclude;
};

class Iab final : public Enrichment {
public:
    explicit Iab(Lists lists) : lists_(std::move(lists)) {}

    void apply(Work& work) override {
        const std::string_view user_agent = work.event[Field::kUseragent];
        const std::string_view ip = work.event[Field::kUserIpaddress];
        const std::string_view time = work.event[Field::kDerivedTstamp];
        const bool is_blank = user_agent.find_first_not_of(' ') == std::string_view::npos;
        // Drops the zone id, which is meaningful on its host only.
        const auto address = model::parse_java_ip_lenient(ip.substr(0, ip.find('%')));
        if (is_blank || !address || time.empty()) return;

        const Verdict verdict = judge(*address, user_agent, time);
        const std::array members{
            json::Member{"spiderOrRobot",
                         json::Value::boolean(verdict.category != kBrowser.category)},
            json::Member{"category", json::Value::string(verdict.category)},
            json::Member{"reason", json::Value::string(verdict.reason)},
            json::Member{"primaryImpact", json::Value::string(verdict.impact)}};
        add_context(work, kSchema, members);
    }

    std::unique_ptr<Enrichment> clone() const override { return std::make_unique<Iab>(*this); }

private:
    Verdict judge(const model::IpAddress& address, std::string_view user_agent,
                  std::string_view time) {
        if (lists_.addresses.get().contains(address)) {
            return {"SPIDER_OR_ROBOT", "FAILED_IP_EXCLUDE", "UNKNOWN"};
        }
        const auto browsers = lists_.include.get().find(user_agent);
        const auto is_active = [&](const auto* pattern) { return pattern->is_active_at(time); };
        if (std::none_of(browsers.begin(), browsers.end(), is_active)) {
            return {"SPIDER_OR_ROBOT", "FAILED_UA_INCLUDE", "UNKNOWN"};
        }
        for (const auto* robot : lists_.exclude.get().find(user_agent)) {
            // Ignores a pattern that is inactive since an unknown date.
            if (!robot->active && robot->inactive_since.empty()) continue;
            return {is_active(robot) ? "ACTIVE_SPIDER_OR_ROBOT" : "INACTIVE_SPIDER_OR_ROBOT",
                    "FAILED_UA_EXCLUDE", kImpacts[static_cast<std::size_t>(robot->impact)]};
        }
        return kBrowser;
    }

    Lists lists_;
};

}  // namespace

MadeEnrichment make_iab(const EnrichmentConfig& config) {
    std::vector<std::string> errors;
    ConfigReader parameters(config.parameters, "parameters", errors);
    const auto open = [&]<class T>(std::string_view name,
                                   Result<std::shared_ptr<const T>> (*read)(
                                       const std::string&)) -> std::optional<LiveAsset<T>> {
        ConfigReader file = parameters.section(name);
        const std::string database = file.text("database");
        const std::string uri = file.text("uri");
        if (database.empty() || uri.empty()) return std::nullopt;
        auto opened = LiveAsset<T>::open(asset_uri(uri, database), config.assets, read);
        if (opened) return std::move(*opened);
        errors.push_back(file.path_of("database") + ": " + opened.error());
        return std::nullopt;
    };
    auto addresses = open("ipFile", IabAddresses::read);
    auto include = open("includeUseragentFile", IabUserAgents::read_include);
    auto exclude = open("excludeUseragentFile", IabUserAgents::read_exclude);
    for (const std::string_view name : {"includeUseragents", "excludeUseragents"}) {
        if (parameters.has(name)) parameters.wrong(name, "it is not supported yet");
    }
    if (!errors.empty()) return unexpected(errors);
    return std::make_unique<Iab>(Lists{.addresses = std::move(*addresses),
                                       .include = std::move(*include),
                                       .exclude = std::move(*exclude)});
}

}  // namespace snowline::enricher
