#include "common/text/java_map_order.h"
#include "enricher/enrich/configuration/config_reader.h"
#include "enricher/enrich/enrichments.h"
#include "enricher/event/convert.h"

#include <array>
#include <string>
#include <utility>

// campaign_attribution 1-0-*: marketing columns from the querystring of the page.
namespace snowline::enricher {
namespace {

struct Column {
    std::string_view setting;
    Field field;
};
constexpr std::array<Column, 5> kColumns{{
    {"mktMedium", Field::kMktMedium},
    {"mktSource", Field::kMktSource},
    {"mktTerm", Field::kMktTerm},
    {"mktContent", Field::kMktContent},
    {"mktCampaign", Field::kMktCampaign},
}};
using Names = std::array<std::vector<std::string>, kColumns.size()>;

struct ClickId {
    std::string parameter, network;
};
const std::vector<ClickId> kClickIds{
    {"gclid", "Google"}, {"msclkid", "Microsoft"}, {"dclid", "DoubleClick"}};

/// The last value of a name; parameters without a value are ignored.
std::optional<std::string_view> last_value(const std::vector<Parameter>& parameters,
                                           std::string_view name) {
    for (auto it = parameters.rbegin(); it != parameters.rend(); ++it) {
        if (it->value && it->name == name) return it->value;
    }
    return std::nullopt;
}

class CampaignAttribution final : public Enrichment {
public:
    CampaignAttribution(Names names, std::vector<ClickId> click_ids)
        : names_(std::move(names)), click_ids_(std::move(click_ids)) {}

    void apply(Work& work) override {
        if (work.page_parameters.empty()) return;
        for (std::size_t i = 0; i < kColumns.size(); ++i) {
            for (const std::string& name : names_[i]) {
                const auto value = last_value(work.page_parameters, name);
                if (!value) continue;
                work.event.set(kColumns[i].field, text_value(*value, work.arena));
                break;
            }
        }
        for (const ClickId& id : click_ids_) {
            const auto value = last_value(work.page_parameters, id.parameter);
            if (!value) continue;
            work.event.set(Field::kMktClickid, text_value(*value, work.arena));
            work.event.set(Field::kMktNetwork,
                           text_value(work.arena.copy(std::string_view(id.network)), work.arena));
            return;
        }
    }

    std::unique_ptr<Enrichment> clone() const override {
        return std::make_unique<CampaignAttribution>(*this);
    }

private:
    Names names_;
    std::vector<ClickId> click_ids_;
};

/// The known and the configured click ids, in the order in which the reference's map is searched:
/// the first one present wins.
std::vector<ClickId> click_ids_in_order(const std::vector<ClickId>& configured) {
    std::vector<ClickId> all = kClickIds;
    for (const ClickId& id : configured) {
        auto known = all.begin();
        while (known != all.end() && known->parameter != id.parameter) ++known;
        if (known == all.end())
            all.push_back(id);
        else
            known->network = id.network;
    }
    std::vector<std::string_view> names;
    for (const ClickId& id : all) names.push_back(id.parameter);
    std::vector<ClickId> ordered;
    for (const std::uint32_t i : text::scala_map_order(names)) ordered.push_back(all[i]);
    return ordered;
}

}  // namespace

MadeEnrichment make_campaign_attribution(const EnrichmentConfig& config) {
    std::vector<std::string> errors;
    ConfigReader parameters(config.parameters, "parameters", errors);
    ConfigReader fields = parameters.section("fields");
    Names names;
    for (std::size_t i = 0; i < kColumns.size(); ++i) names[i] = fields.texts(kColumns[i].setting);
    std::vector<ClickId> click_ids;
    if (auto ids = fields.optional_section("mktClickId"); ids && ids->value().is_object()) {
        for (const json::Member& id : ids->value().members()) {
            click_ids.push_back({std::string(id.name), ids->text(id.name)});
        }
    }
    if (!errors.empty()) return unexpected(errors);
    return std::make_unique<CampaignAttribution>(std::move(names), click_ids_in_order(click_ids));
}

}  // namespace snowline::enricher
