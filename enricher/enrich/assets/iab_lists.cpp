#include "enricher/enrich/assets/iab_lists.h"

#include "common/text/ascii.h"
#include "common/text/utf8.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::size_t kFieldsMax = 7;

Result<std::string> read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in) return unexpected("cannot read " + path);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = std::min(text.find(separator), text.size());
        parts.push_back(text::java_trim(text.substr(0, end)));
        if (end == text.size()) return parts;
        text.remove_prefix(end + 1);
    }
}

/// Calls `line` with the content and number of each line; stops where it returns false.
template <class Line>
Result<void> each_line(std::string_view text, Line line) {
    const auto lines = split(text, '\n');
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].empty() || lines[i].front() == '#') continue;
        if (!line(lines[i])) return unexpected(fmt::format("line {} is not understood", i + 1));
    }
    return {};
}

/// Lower case, from ISO-8859-1.
std::string lower_text(std::string_view latin1) {
    std::string out;
    for (const char c : latin1) text::append_utf8(static_cast<unsigned char>(text::lower(c)), out);
    return out;
}

/// `01/31/2027` as `2027-01-31`.
std::optional<std::string> iso_date(std::string_view date) {
    if (date.empty()) return std::string();
    if (date.size() != 10 || date[2] != '/' || date[5] != '/') return std::nullopt;
    return fmt::format("{}-{}-{}", date.substr(6), date.substr(0, 2), date.substr(3, 2));
}

std::optional<IabUserAgents::Pattern> pattern_of(std::string_view line, IabUserAgents::Form form) {
    auto fields = split(line, '|');
    if (fields.size() < 2 || fields[0].empty()) return std::nullopt;
    fields.resize(kFieldsMax);
    IabUserAgents::Pattern out{.text = lower_text(fields[0]), .exceptions = {}};
    out.active = fields[1] == "1";
    if (!out.active && fields[1] != "0") return std::nullopt;
    const bool exclude = form == IabUserAgents::Form::kExclude;
    out.prefix = fields[exclude ? 5 : 2] == "1";
    const auto date = iso_date(fields[exclude ? 6 : 3]);
    if (!date) return std::nullopt;
    out.inactive_since = *date;
    if (!exclude) return out;
    for (const std::string_view exception : split(fields[2], ',')) {
        if (!exception.empty()) out.exceptions.push_back(lower_text(exception));
    }
    if (fields[4].size() != 1 || fields[4] < "0" || fields[4] > "2") return std::nullopt;
    out.impact = static_cast<IabUserAgents::Impact>(fields[4][0] - '0');
    return out;
}

std::vector<std::string> texts_of(const std::vector<IabUserAgents::Pattern>& patterns) {
    std::vector<std::string> texts;
    for (const auto& pattern : patterns) texts.push_back(pattern.text);
    return texts;
}

}  // namespace

Result<std::shared_ptr<const IabAddresses>> IabAddresses::read(const std::string& path) {
    const auto text = read_file(path);
    if (!text) return unexpected(text.error());
    auto out = std::make_shared<IabAddresses>();
    const auto read = each_line(*text, [&](std::string_view line) {
        const std::size_t slash = std::min(line.find('/'), line.size());
        const auto first = model::parse_java_ip(line.substr(0, slash));
        if (!first) return false;
        unsigned bits = first->bits();
        if (slash < line.size()) {
            const auto number =
                std::from_chars(line.data() + slash + 1, line.data() + line.size(), bits);
            if (number.ptr != line.data() + line.size() || bits > first->bits()) return false;
        }
        out->networks_.push_back({.first = *first, .bits = bits});
        return true;
    });
    if (!read) return unexpected(read.error());
    return out;
}

bool IabAddresses::contains(const model::IpAddress& address) const {
    return std::any_of(networks_.begin(), networks_.end(),
                       [&](const auto& network) { return network.contains(address); });
}

bool IabUserAgents::Pattern::is_active_at(std::string_view tstamp) const {
    return active || (!inactive_since.empty() && tstamp < inactive_since);
}

IabUserAgents::IabUserAgents(std::vector<Pattern> patterns)
    : patterns_(std::move(patterns)), finder_(texts_of(patterns_)) {}

Result<std::shared_ptr<const IabUserAgents>> IabUserAgents::parse(std::string_view text,
                                                                  Form form) {
    std::vector<Pattern> patterns;
    const auto read = each_line(text, [&](std::string_view line) {
        auto pattern = pattern_of(line, form);
        if (pattern) patterns.push_back(std::move(*pattern));
        return pattern.has_value();
    });
    if (!read) return unexpected(read.error());
    if (patterns.empty()) return unexpected<std::string>("no pattern in it");
    return std::shared_ptr<const IabUserAgents>(new IabUserAgents(std::move(patterns)));
}

Result<std::shared_ptr<const IabUserAgents>> IabUserAgents::read_include(const std::string& path) {
    const auto text = read_file(path);
    return text ? parse(*text, Form::kInclude) : unexpected(text.error());
}

Result<std::shared_ptr<const IabUserAgents>> IabUserAgents::read_exclude(const std::string& path) {
    const auto text = read_file(path);
    return text ? parse(*text, Form::kExclude) : unexpected(text.error());
}

std::vector<const IabUserAgents::Pattern*> IabUserAgents::find(std::string_view user_agent) const {
    std::string text(user_agent);
    std::transform(text.begin(), text.end(), text.begin(), text::lower);
    std::vector<const Pattern*> found;
    for (const int index : finder_.find(text)) {
        const Pattern& pattern = patterns_[static_cast<std::size_t>(index)];
        const auto is_in = [&](const std::string& part) {
            return text.find(part) != std::string::npos;
        };
        if (pattern.prefix && !text.starts_with(pattern.text)) continue;
        if (std::none_of(pattern.exceptions.begin(), pattern.exceptions.end(), is_in)) {
            found.push_back(&pattern);
        }
    }
    return found;
}

}  // namespace snowline::enricher
