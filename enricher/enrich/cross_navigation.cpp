#include "enricher/enrich/cross_navigation.h"

#include "common/text/time.h"
#include "enricher/event/convert.h"

#include <string>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::string_view kParameter = "_sp";
constexpr std::string_view kTimestampName = "sp_dtm";  // the name in failures

/// The value of the last parameter of that name, if it has one.
std::optional<std::string_view> decoration(const std::vector<Parameter>& parameters) {
    for (auto it = parameters.rbegin(); it != parameters.rend(); ++it) {
        if (it->name == kParameter) return it->value;
    }
    return std::nullopt;
}

/// Takes the text up to the next dot; `text` keeps the rest.
std::string_view take_part(std::string_view& text) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string_view part = text.substr(0, dot);
    text.remove_prefix(std::min(dot + 1, text.size()));
    return part;
}

Result<std::string> timestamp(std::string_view text) {
    const auto ms = parse_java_long(text);
    if (!ms) return unexpected<std::string>("not in the expected format: ms since epoch");
    std::string formatted(text::format_tstamp(*ms));
    const std::int64_t year = text::to_civil(*ms).year;
    if (year < 0 || year > 9999 || formatted.starts_with('-')) {
        return unexpected(fmt::format("formatting as {} is not Redshift-compatible", formatted));
    }
    return formatted;
}

}  // namespace

void cross_navigation(Work& work) {
    const auto value = decoration(work.page_parameters);
    if (!value || value->empty()) return;
    if (value->find_first_not_of('.') == std::string_view::npos) {
        // The reference throws here, which makes the whole record a generic_error.
        work.failures.push_back({.enrichment = std::nullopt,
                                 .message = InputData{.field = std::string(kParameter),
                                                      .value = std::string(*value),
                                                      .expectation = "contains no user id"}});
        return;
    }
    std::string_view rest = *value;
    const std::string_view user = take_part(rest);
    const bool has_timestamp = rest.find_first_not_of('.') != std::string_view::npos;
    if (has_timestamp) {
        const std::string_view text = take_part(rest);
        const auto formatted = timestamp(text);
        if (!formatted) {
            work.failures.push_back({.enrichment = std::nullopt,
                                     .message = InputData{.field = std::string(kTimestampName),
                                                          .value = std::string(text),
                                                          .expectation = formatted.error()}});
            return;
        }
        work.event.set(Field::kRefrDvceTstamp, work.arena.copy(std::string_view(*formatted)));
    }
    work.event.set(Field::kRefrDomainUserid, text_value(user, work.arena));
}

}  // namespace snowline::enricher
