#include "common/model/ip_address.h"
#include "enricher/enrich/configuration/config_reader.h"
#include "enricher/enrich/enrichments.h"

#include <string>

// anon_ip 1-0-*: replaces the last octets of an IPv4 address, or the last segments of an IPv6
// address, by `x`. Other texts of a similar form are cut by the same rules.
namespace snowline::enricher {
namespace {

constexpr std::string_view kMappedPrefix = "::FFFF:";  // upper case only, as in the reference

/// Splits like Java: trailing empty parts are dropped.
std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t at = std::min(text.find(separator, from), text.size());
        parts.push_back(text.substr(from, at - from));
        from = at + 1;
    }
    while (parts.size() > 1 && parts.back().empty()) parts.pop_back();
    return parts;
}

std::string mask(const std::vector<std::string_view>& parts, std::size_t kept, char separator,
                 std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < std::max(parts.size(), count); ++i) {
        if (i > 0) out += separator;
        if (i < kept && i < parts.size())
            out += parts[i];
        else
            out += 'x';
    }
    return out;
}

class AnonIp final : public Enrichment {
public:
    AnonIp(std::size_t octets, std::size_t segments) : octets_(octets), segments_(segments) {}

    void apply(Work& work) override {
        const auto ip = work.event.get(Field::kUserIpaddress);
        if (!ip) return;
        work.event.set(Field::kUserIpaddress, work.arena.copy(std::string_view(anonymous(*ip))));
    }

    std::unique_ptr<Enrichment> clone() const override { return std::make_unique<AnonIp>(*this); }

private:
    std::string anonymous(std::string_view ip) const {
        if (ip.starts_with(kMappedPrefix)) {
            return std::string(kMappedPrefix) + anonymous_v4(ip.substr(kMappedPrefix.size()));
        }
        const auto address = model::parse_java_ip(ip);
        const bool dots = ip.find('.') != std::string_view::npos;
        if (address && !address->is_v4()) {
            return anonymous_v6(address->to_text());
        }
        // A mapped address without dots: the reference finds no octet to hide in it.
        if (address && !dots) return "::ffff:" + anonymous_v4(address->to_text());
        if (address || dots || ip.empty()) return anonymous_v4(ip);
        if (ip.find(':') != std::string_view::npos) return anonymous_v6(ip);
        return std::string(ip);
    }

    std::string anonymous_v4(std::string_view ip) const {
        return mask(split(ip, '.'), 4 - octets_, '.', 1);
    }
    std::string anonymous_v6(std::string_view ip) const {
        return mask(split(ip, ':'), 8 - segments_, ':', 8);
    }

    std::size_t octets_, segments_;
};

}  // namespace

MadeEnrichment make_anon_ip(const EnrichmentConfig& config) {
    std::vector<std::string> errors;
    ConfigReader parameters(config.parameters, "parameters", errors);
    const auto octets = parameters.integer("anonOctets", {.min = 1, .max = 4});
    const auto segments = parameters.optional_integer("anonSegments", {.min = 1, .max = 8});
    if (!errors.empty()) return unexpected(errors);
    return std::make_unique<AnonIp>(octets, segments.value_or(octets));
}

}  // namespace snowline::enricher
