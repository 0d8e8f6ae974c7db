#include "enricher/event/lenient_uri.h"

#include "common/text/ascii.h"
#include "common/text/percent.h"
#include "common/text/utf8.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

void encode_anew(std::string_view component, std::string& out) {
    text::encode_percent(text::to_valid_utf8(text::decode_percent_lenient(component)), "-_.~+",
                         out);
}

// Encodes the components between separators, and keeps the separators.
void encode_list(std::string_view text, char separator, std::string& out) {
    while (true) {
        const std::size_t end = text.find(separator);
        const std::string_view item = text.substr(0, end);
        const std::size_t equals = separator == '&' ? item.find('=') : std::string_view::npos;
        encode_anew(item.substr(0, equals), out);
        if (equals != std::string_view::npos) {
            out += '=';
            encode_anew(item.substr(equals + 1), out);
        }
        if (end == std::string_view::npos) return;
        out += separator;
        text.remove_prefix(end + 1);
    }
}

void encode_from_path(std::string_view text, std::string& out) {
    const std::size_t hash = text.find('#');
    const std::string_view before = text.substr(0, hash);
    const std::size_t mark = before.find('?');
    encode_list(before.substr(0, mark), '/', out);
    if (mark != std::string_view::npos) {
        out += '?';
        encode_list(before.substr(mark + 1), '&', out);
    }
    if (hash != std::string_view::npos) {
        out += '#';
        encode_anew(text.substr(hash + 1), out);
    }
}

// Length of the leading `scheme:`; 0 where there is none.
std::size_t scheme_length(std::string_view text) {
    if (text.empty() || !text::is_alpha(text[0])) return 0;
    std::size_t at = 1;
    while (at < text.size() && (text::is_alpha(text[at]) || text::is_digit(text[at]) ||
                                text[at] == '+' || text[at] == '.' || text[at] == '-')) {
        ++at;
    }
    return at < text.size() && text[at] == ':' ? at + 1 : 0;
}

// `user@host:port`: a colon must be followed by digits.
bool is_authority(std::string_view text) {
    const std::size_t user = text.find('@');
    if (user != std::string_view::npos) text.remove_prefix(user + 1);
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos) return true;  // java.net.URI decides
        text.remove_prefix(close + 1);
    }
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return true;
    const std::string_view port = text.substr(colon + 1);
    return !port.empty() && std::all_of(port.begin(), port.end(), text::is_digit);
}

}  // namespace

Result<std::string> rewrite_leniently(std::string_view text) {
    std::string out;
    std::string_view rest = text;
    const std::size_t scheme = scheme_length(rest);
    out += rest.substr(0, scheme);
    rest.remove_prefix(scheme);
    if (rest.starts_with("//")) {
        const std::size_t end = std::min(rest.find_first_of("/?#", 2), rest.size());
        if (!is_authority(rest.substr(2, end - 2))) {
            const std::size_t length = text::utf16_length(text);
            return unexpected(fmt::format(
                "Invalid URL could not be parsed. Unexpected end of input, expected [^@] or '@' "
                "(line 1, column {}):\n{}\n{}^",
                length + 1, text, std::string(length, ' ')));
        }
        out += rest.substr(0, end);
        rest.remove_prefix(end);
    }
    encode_from_path(rest, out);
    return out;
}

}  // namespace snowline::enricher
