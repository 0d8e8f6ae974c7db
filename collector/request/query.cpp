#include "collector/request/query.h"

#include "collector/wire/ascii.h"
#include "common/text/utf8.h"

#include <algorithm>

namespace snowline::collector {
namespace {

std::string decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() &&
                            wire::hex_value(text[i + 1]) >= 0 && wire::hex_value(text[i + 2]) >= 0;
        if (escape) {
            out +=
                static_cast<char>(wire::hex_value(text[i + 1]) * 16 + wire::hex_value(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return text::to_valid_utf8(out);
}

struct RawPair {
    std::string_view name, value;
};

RawPair take_pair(std::string_view& rest) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    return {pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size()))};
}

bool is_named(const RawPair& pair, std::string_view name) {
    const bool is_plain = std::all_of(pair.name.begin(), pair.name.end(), [](char c) {
        return c != '%' && c != '+' && static_cast<unsigned char>(c) < 0x80;
    });
    return is_plain ? pair.name == name : decode(pair.name) == name;
}

void append_encoded(std::string_view text, std::string& out) {
    for (const char c : text) {
        if (c == ' ') {
            out += '+';
        } else if (wire::is_unreserved(c) ||
                   std::string_view("!$'()*,:/?@").find(c) != std::string_view::npos) {
            out += c;
        } else {
            wire::append_percent(static_cast<unsigned char>(c), out);
        }
    }
}

}  // namespace

std::optional<std::string> Query::find_first(std::string_view name) const {
    for (std::string_view rest = raw_; !rest.empty();) {
        const RawPair pair = take_pair(rest);
        if (is_named(pair, name)) return decode(pair.value);
    }
    return std::nullopt;
}

std::optional<std::string> Query::find_last(std::string_view name) const {
    std::optional<std::string_view> last;
    for (std::string_view rest = raw_; !rest.empty();) {
        const RawPair pair = take_pair(rest);
        if (is_named(pair, name)) last = pair.value;
    }
    if (!last) return std::nullopt;
    return decode(*last);
}

std::vector<QueryParameter> Query::parameters() const {
    std::vector<QueryParameter> out;
    for (std::string_view rest = raw_; !rest.empty();) {
        const RawPair pair = take_pair(rest);
        out.push_back({decode(pair.name), decode(pair.value)});
    }
    return out;
}

void append_parameter(const QueryParameter& parameter, std::string& out) {
    append_encoded(parameter.name, out);
    if (parameter.value.empty()) return;
    out += '=';
    append_encoded(parameter.value, out);
}

}  // namespace snowline::collector
