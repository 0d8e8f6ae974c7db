#include "iglu/validate/format.h"

#include "common/check.h"
#include "common/regex/java_regex.h"
#include "common/text/ascii.h"
#include "iglu/validate/format_rules.h"

namespace snowline::iglu::validate {
namespace {

using Wording = Format::Wording;

constexpr std::string_view kAlpha = "^[a-zA-Z]+$";
constexpr std::string_view kAlphanumeric = "^[a-zA-Z0-9]+$";
constexpr std::string_view kTime = R"(^\d{2}:\d{2}:\d{2}(?:\.\d+)?$)";
constexpr std::string_view kPhone = R"(^\+(?:[0-9] ?){6,14}[0-9]$)";
constexpr std::string_view kUtcMillisec = R"(^[0-9]+(\.?[0-9]+)?$)";
constexpr std::string_view kStyle = R"(\s*(.+?):\s*([^;]+);?)";
constexpr std::string_view kIpAddress =
    R"(^(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)\.){3}(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)$)";
constexpr std::string_view kIpv4 =
    R"(^(([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])\.){3}([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])$)";
constexpr std::string_view kHostname =
    R"(^([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])(\.([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]{0,61}[a-zA-Z0-9]))*$)";
constexpr std::string_view kUri =
    R"(^[A-Za-z][A-Za-z0-9+.-]*:(\/\/([A-Za-z0-9._~\-%!$&'()*+,;=:]*@)?[A-Za-z0-9._~\-!$&'()*+,;=%:\[\]]*(:[0-9]*)?)?[A-Za-z0-9._~\-%!$&'()*+,;=:@\/]*([?][A-Za-z0-9._~\-%!$&'()*+,;=:@\/?]*)?([#][A-Za-z0-9._~\-%!$&'()*+,;=:@\/?]*)?)";
constexpr std::string_view kIpv6 =
    R"re(^\s*((([0-9A-Fa-f]{1,4}:){7}([0-9A-Fa-f]{1,4}|:))|(([0-9A-Fa-f]{1,4}:){6}(:[0-9A-Fa-)re"
    R"re(f]{1,4}|((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|)re"
    R"re(:))|(([0-9A-Fa-f]{1,4}:){5}(((:[0-9A-Fa-f]{1,4}){1,2})|:((25[0-5]|2[0-4]\d|1\d\d|[1-)re"
    R"re(9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9A-Fa-f]{1,4}:){4}(((:[0-9A)re"
    R"re(-Fa-f]{1,4}){1,3})|((:[0-9A-Fa-f]{1,4})?:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-)re"
    R"re(5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9A-Fa-f]{1,4}:){3}(((:[0-9A-Fa-f]{1,4}){1)re"
    R"re(,4})|((:[0-9A-Fa-f]{1,4}){0,2}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\)re"
    R"re(d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9A-Fa-f]{1,4}:){2}(((:[0-9A-Fa-f]{1,4}){1,5})|((:[0)re"
    R"re(-9A-Fa-f]{1,4}){0,3}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1)re"
    R"re(-9]?\d)){3}))|:))|(([0-9A-Fa-f]{1,4}:){1}(((:[0-9A-Fa-f]{1,4}){1,6})|((:[0-9A-Fa-f]{)re"
    R"re(1,4}){0,4}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3)re"
    R"re(}))|:))|(:(((:[0-9A-Fa-f]{1,4}){1,7})|((:[0-9A-Fa-f]{1,4}){0,5}:((25[0-5]|2[0-4]\d|1)re"
    R"re(\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:)))(%.+)?\s*$)re";
constexpr std::string_view kColor =
    R"re((#?([0-9A-Fa-f]{3,6})\b)|(aqua)|(black)|(blue)|(fuchsia)|(gray)|(green)|(lime)|(maro)re"
    R"re(on)|(navy)|(olive)|(orange)|(purple)|(red)|(silver)|(teal)|(white)|(yellow)|(rgb\(\s)re"
    R"re(*\b([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])\b\s*,\s*\b([0-9]|[1-9][0-9]|1[)re"
    R"re(0-9][0-9]|2[0-4][0-9]|25[0-5])\b\s*,\s*\b([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|2)re"
    R"re(5[0-5])\b\s*\))|(rgb\(\s*(\d?\d%|100%)+\s*,\s*(\d?\d%|100%)+\s*,\s*(\d?\d%|100%)+\s*)re"
    R"re(\)))re";

// Rare formats use the expression that their messages quote.
template <const std::string_view& kRegex>
const text::JavaRegex& expression() {
    static const text::JavaRegex kCompiled = [] {
        auto regex = text::JavaRegex::compile(kRegex);
        SNOWLINE_CHECK(regex.has_value());
        return std::move(*regex);
    }();
    return kCompiled;
}

template <bool (*kAllowed)(char)>
bool all_of(std::string_view text) {
    for (const char c : text) {
        if (!kAllowed(c)) return false;
    }
    return !text.empty();
}

constexpr Format kFormats[] = {
    {"date-time", Wording::kDateTime, "", &is_date_time},
    {"date", Wording::kDateTime, "", &is_date},
    {"time", Wording::kPattern, kTime, &is_time},
    {"uuid", Wording::kUuid, "", &is_uuid},
    {"email", Wording::kEmail, "", &is_email},
    {"uri", Wording::kPattern, kUri, &is_uri},
    {"hostname", Wording::kPattern, kHostname, &is_hostname},
    {"ipv4", Wording::kPattern, kIpv4, &is_ipv4},
    {"ipv6", Wording::kPattern, kIpv6, &is_ipv6},
    {"ip-address", Wording::kPattern, kIpAddress, &is_ip_address},
    {"alpha", Wording::kPattern, kAlpha, &all_of<text::is_alpha>},
    {"alphanumeric", Wording::kPattern, kAlphanumeric, &all_of<text::is_alphanumeric>},
    {"color", Wording::kPattern, kColor, nullptr, &expression<kColor>},
    {"phone", Wording::kPattern, kPhone, nullptr, &expression<kPhone>},
    {"utc-millisec", Wording::kPattern, kUtcMillisec, nullptr, &expression<kUtcMillisec>},
    {"style", Wording::kPattern, kStyle, nullptr, &expression<kStyle>},
};

}  // namespace

std::span<const Format> formats() {
    return kFormats;
}

const Format* find_format(std::string_view name) {
    for (const Format& format : kFormats) {
        if (format.name == name) return &format;
    }
    return nullptr;
}

}  // namespace snowline::iglu::validate
