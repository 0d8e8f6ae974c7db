#include "collector/query.h"

#include "collector/http/ascii.h"
#include "common/text/utf8.h"

#include <algorithm>

namespace snowline::collector {
namespace {

std::string decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() &&
                            http::hex_value(text[i + 1]) >= 0 && http::hex_value(text[i + 2]) >= 0;
        if (escape) {
            out +=
                static_cast<char>(http::hex_value(text[i + 1]) * 16 + http::hex_value(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return text::to_valid_utf8(out);
}

void append_encoded(std::string_view text, std::string& out) {
    for (const char c : text) {
        if (c == ' ') {
            out += '+';
        } else if (http::is_unreserved(c) ||
                   std::string_view("!$'()*,:/?@").find(c) != std::string_view::npos) {
            out += c;
        } else {
            http::append_percent(static_cast<unsigned char>(c), out);
        }
    }
}

}  // namespace

Query::Query(std::string_view raw) {
    while (!raw.empty()) {
        const auto end = std::min(raw.find('&'), raw.size());
        const auto pair = raw.substr(0, end);
        raw.remove_prefix(std::min(end + 1, raw.size()));
        const auto equals = pair.find('=');
        const bool has_value = equals != std::string_view::npos;
        parameters_.push_back(
            {decode(pair.substr(0, equals)), has_value ? decode(pair.substr(equals + 1)) : ""});
    }
}

const std::string* Query::find_first(std::string_view name) const {
    const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                    [&](const auto& p) { return p.name == name; });
    return found == parameters_.end() ? nullptr : &found->value;
}

const std::string* Query::find_last(std::string_view name) const {
    const auto found = std::find_if(parameters_.rbegin(), parameters_.rend(),
                                    [&](const auto& p) { return p.name == name; });
    return found == parameters_.rend() ? nullptr : &found->value;
}

void append_parameter(const QueryParameter& parameter, std::string& out) {
    append_encoded(parameter.name, out);
    if (parameter.value.empty()) return;
    out += '=';
    append_encoded(parameter.value, out);
}

}  // namespace snowline::collector
