#include "common/text/ascii.h"
#include "enricher/enrich/assets/live_asset.h"
#include "enricher/enrich/assets/referer_database.h"
#include "enricher/enrich/configuration/config_reader.h"
#include "enricher/enrich/enrichments.h"
#include "enricher/event/convert.h"
#include "enricher/load/querystring.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

// referer_parser 2-0-*: the source of the visit, by the referrer's host and path.
namespace snowline::enricher {
namespace {

constexpr std::string_view kInternal = "internal", kUnknown = "unknown", kSearch = "search";
constexpr std::array<std::string_view, 3> kSchemes{"http", "https", "android-app"};

/// Calls `found` with name and value of each decoded pair until it returns true.
template <class Found>
void find_pair(std::string_view query, json::Arena& arena, Found found) {
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const std::size_t equals = pair.find('=');
        const bool has_value = equals != std::string_view::npos && equals > 0;
        const auto decoded = [&](std::string_view part) {
            return decode_form(part, Charset::kUtf8, arena);
        };
        if (found(decoded(has_value ? pair.substr(0, equals) : pair),
                  has_value ? decoded(pair.substr(equals + 1)) : std::string_view())) {
            return;
        }
    }
}

/// The path as java.net.URI.getPath gives it.
std::string_view decoded_path(std::string_view path, json::Arena& arena) {
    if (path.find('%') == std::string_view::npos) return path;
    // Form-decoding, with `+` protected, as it is a space only there.
    std::string plus_kept;
    for (const char c : path) {
        if (c == '+')
            plus_kept += "%2B";
        else
            plus_kept += c;
    }
    return decode_form(arena.copy(std::string_view(plus_kept)), Charset::kUtf8, arena);
}

class RefererParser final : public Enrichment {
public:
    RefererParser(LiveAsset<RefererDatabase> database, std::vector<std::string> internal_hosts)
        : database_(std::move(database)), internal_hosts_(std::move(internal_hosts)) {}

    void apply(Work& work) override {
        const auto& uri = work.referrer_uri;
        if (!uri || !uri->scheme || !uri->host) return;
        if (std::find(kSchemes.begin(), kSchemes.end(), *uri->scheme) == kSchemes.end()) return;
        if (is_internal(*uri->host, work.event)) {
            work.event.set(Field::kRefrMedium, kInternal);
            return;
        }
        const RefererDatabase::Referer* referer =
            database_.get().find(*uri->host, decoded_path(uri->path.value_or(""), work.arena));
        if (referer == nullptr) {
            work.event.set(Field::kRefrMedium, kUnknown);
            return;
        }
        // Copied, as the database may be replaced before the row is written.
        work.event.set(Field::kRefrMedium, work.arena.copy(std::string_view(referer->medium)));
        if (referer->medium == kUnknown || referer->medium == kInternal) return;
        work.event.set(Field::kRefrSource,
                       text_value(work.arena.copy(std::string_view(referer->source)), work.arena));
        if (referer->medium == kSearch && uri->query) search_term(*uri->query, *referer, work);
    }

    std::unique_ptr<Enrichment> clone() const override {
        return std::make_unique<RefererParser>(*this);
    }

private:
    bool is_internal(std::string_view host, const EnrichedEvent& event) const {
        if (event.get(Field::kPageUrlhost) == host) return true;
        return std::find(internal_hosts_.begin(), internal_hosts_.end(), host) !=
               internal_hosts_.end();
    }

    static void search_term(std::string_view query, const RefererDatabase::Referer& referer,
                            Work& work) {
        find_pair(query, work.arena, [&](std::string_view name, std::string_view value) {
            const auto& names = referer.parameters;
            if (std::find(names.begin(), names.end(), name) == names.end()) return false;
            work.event.set(Field::kRefrTerm, text_value(value, work.arena));
            return true;
        });
    }

    LiveAsset<RefererDatabase> database_;
    std::vector<std::string> internal_hosts_;
};

}  // namespace

MadeEnrichment make_referer_parser(const EnrichmentConfig& config) {
    std::vector<std::string> errors;
    ConfigReader parameters(config.parameters, "parameters", errors);
    std::vector<std::string> internal_hosts;
    for (const std::string& host : parameters.texts("internalDomains")) {
        internal_hosts.emplace_back(text::java_trim(host));
    }
    const std::string database = parameters.text("database");
    const std::string uri = parameters.text("uri");
    if (parameters.has("referrers")) parameters.wrong("referrers", "it is not supported yet");
    if (!errors.empty()) return unexpected(errors);
    auto opened = LiveAsset<RefererDatabase>::open(asset_uri(uri, database), config.assets,
                                                   RefererDatabase::read);
    if (!opened) return unexpected(std::vector{"parameters.database: " + opened.error()});
    return std::make_unique<RefererParser>(std::move(*opened), std::move(internal_hosts));
}

}  // namespace snowline::enricher
