#include "common/model/ip_address.h"
#include "common/text/utf8.h"
#include "enricher/enrich/assets/live_asset.h"
#include "enricher/enrich/assets/maxmind_file.h"
#include "enricher/enrich/configuration/config_reader.h"
#include "enricher/enrich/enrichments.h"
#include "enricher/event/convert.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

// ip_lookups 2-0-*: location and owner of an address, from MaxMind's files. An address that is in
// no file, and a text that is no address, leave the columns empty.
namespace snowline::enricher {
namespace {

/// Host names are not resolved: the core does not block.
std::optional<model::IpAddress> address_of(std::string_view text) {
    // with a port: `81.2.69.142:80`, `[2001:db8::1]:80`
    const std::size_t colon = text.find(':');
    if (text.starts_with('[')) {
        text = text.substr(0, text.find(']') + 1);
    } else if (colon != std::string_view::npos && colon == text.rfind(':')) {
        text = text.substr(0, colon);
    }
    return model::parse_java_ip_lenient(text);
}

struct TextColumn {
    Field field;
    std::array<const char*, 4> path;  // unused ones are null
};

constexpr std::array<TextColumn, 6> kGeoTexts{{
    {Field::kGeoCountry, {"country", "iso_code"}},
    {Field::kGeoRegion, {"subdivisions", "-1", "iso_code"}},
    {Field::kGeoCity, {"city", "names", "en"}},
    {Field::kGeoZipcode, {"postal", "code"}},
    {Field::kGeoRegionName, {"subdivisions", "-1", "names", "en"}},
    {Field::kGeoTimezone, {"location", "time_zone"}},
}};
constexpr std::array<TextColumn, 2> kIspTexts{
    {{Field::kIpIsp, {"isp"}}, {Field::kIpOrganization, {"organization"}}}};
constexpr std::array<TextColumn, 1> kDomainTexts{{{Field::kIpDomain, {"domain"}}}};
/// Other values are an error in the reference's library, which leaves the column empty.
constexpr std::array<std::string_view, 4> kConnectionTypes{"Dialup", "Cable/DSL", "Corporate",
                                                           "Cellular"};
constexpr std::array<TextColumn, 1> kConnectionTexts{{{Field::kIpNetspeed, {"connection_type"}}}};

bool is_connection_type(std::string_view text) {
    return std::find(kConnectionTypes.begin(), kConnectionTypes.end(), text) !=
           kConnectionTypes.end();
}

struct Lookup {
    std::string_view setting;
    std::string_view type;  // a part of the file's own type
    std::span<const TextColumn> texts;
    bool has_location;
};
constexpr std::array<Lookup, 4> kLookups{{
    {"geo", "City", kGeoTexts, true},
    {"isp", "ISP", kIspTexts, false},
    {"domain", "Domain", kDomainTexts, false},
    {"connectionType", "Connection-Type", kConnectionTexts, false},
}};

using File = LiveAsset<MaxmindFile>;

class IpLookups final : public Enrichment {
public:
    using Files = std::array<std::optional<File>, kLookups.size()>;

    explicit IpLookups(Files files) : files_(std::move(files)) {}

    void apply(Work& work) override {
        const auto ip = work.event.get(Field::kUserIpaddress);
        if (!ip) return;
        const auto address = address_of(*ip);
        if (!address) return;
        for (std::size_t i = 0; i < kLookups.size(); ++i) {
            if (!files_[i]) continue;
            const MaxmindFile& file = files_[i]->get();
            if (const auto entry = file.find(*address)) fill(kLookups[i], file, *entry, work);
        }
    }

    std::unique_ptr<Enrichment> clone() const override {
        return std::make_unique<IpLookups>(*this);
    }

private:
    static void fill(const Lookup& lookup, const MaxmindFile& file, MaxmindFile::Entry entry,
                     Work& work) {
        for (const TextColumn& column : lookup.texts) {
            const auto& path = column.path;
            // A nullptr ends the path.
            const auto text = file.text(entry, {path[0], path[1], path[2], path[3]});
            if (!text || !text::is_utf8(*text)) continue;
            if (column.field == Field::kIpNetspeed && !is_connection_type(*text)) continue;
            // Copied, as the file may be replaced before the row is written.
            work.event.set(column.field, text_value(work.arena.copy(*text), work.arena));
        }
        if (!lookup.has_location) return;
        const auto degrees = [&](const char* name) {
            const double number = file.number(entry, {"location", name}).value_or(0.0);
            return float_text(static_cast<float>(number), work.arena);
        };
        work.event.set(Field::kGeoLatitude, degrees("latitude"));
        work.event.set(Field::kGeoLongitude, degrees("longitude"));
    }

    Files files_;
};

template <std::size_t kLookup>
Result<std::shared_ptr<const MaxmindFile>> read(const std::string& path) {
    auto file = MaxmindFile::open(path);
    if (!file) return unexpected(file.error());
    const Lookup& lookup = kLookups[kLookup];
    if ((*file)->type().find(lookup.type) == std::string_view::npos) {
        return unexpected(fmt::format("the file is of type {}; one of type {} is needed",
                                      (*file)->type(), lookup.type));
    }
    return file;
}
constexpr std::array<File::Read, kLookups.size()> kReads{read<0>, read<1>, read<2>, read<3>};

}  // namespace

MadeEnrichment make_ip_lookups(const EnrichmentConfig& config) {
    std::vector<std::string> errors;
    ConfigReader parameters(config.parameters, "parameters", errors);
    IpLookups::Files files;
    for (std::size_t i = 0; i < kLookups.size(); ++i) {
        auto section = parameters.optional_section(kLookups[i].setting);
        if (!section) continue;
        const std::string database = section->text("database");
        const std::string uri = section->text("uri");
        if (database.empty() || uri.empty()) continue;
        auto file = File::open(asset_uri(uri, database), config.assets, kReads[i]);
        if (file)
            files[i].emplace(std::move(*file));
        else
            errors.push_back(section->path_of("database") + ": " + file.error());
    }
    if (!errors.empty()) return unexpected(errors);
    return std::make_unique<IpLookups>(std::move(files));
}

}  // namespace snowline::enricher
