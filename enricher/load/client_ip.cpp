#include "enricher/load/client_ip.h"

#include "common/text/ascii.h"

namespace snowline::enricher {
namespace {

bool starts_with_any_case(std::string_view text, std::string_view lower_prefix) {
    if (text.size() < lower_prefix.size()) return false;
    for (std::size_t i = 0; i < lower_prefix.size(); ++i) {
        if (text::lower(text[i]) != lower_prefix[i]) return false;
    }
    return true;
}

// `\d{1,3}(\.\d{1,3}){3}` at the start of `text`; 0 where it does not match.
std::size_t ipv4_length(std::string_view text) {
    std::size_t at = 0;
    for (int group = 0; group < 4; ++group) {
        if (group > 0 && (at == text.size() || text[at++] != '.')) return 0;
        const std::size_t first = at;
        while (at < text.size() && at < first + 3 && text::is_digit(text[at])) ++at;
        if (at == first) return 0;
    }
    return at;
}

std::size_t address_length(std::string_view text) {
    if (const std::size_t length = ipv4_length(text); length != 0) return length;
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text::lower(text[at]);
        if (!text::is_digit(c) && (c < 'a' || c > 'f') && c != '.' && c != ':') break;
        ++at;
    }
    return at;
}

// The address behind `prefix`, an optional `"` and an optional `[`; empty where there is none.
std::string_view address_in(std::string_view header, std::string_view prefix) {
    if (!starts_with_any_case(header, prefix)) return {};
    if (header.find_first_of("\r\n") != std::string_view::npos) return {};
    std::string_view rest = header.substr(prefix.size());
    if (rest.starts_with('"')) rest.remove_prefix(1);
    if (rest.starts_with('[')) rest.remove_prefix(1);
    return rest.substr(0, address_length(rest));
}

}  // namespace

std::optional<std::string_view> forwarded_ip(std::span<const std::string_view> headers,
                                             json::Arena& arena) {
    std::string_view found;
    for (const std::string_view header : headers) {
        const auto forwarded_for = address_in(header, "x-forwarded-for: ");
        if (!forwarded_for.empty()) {
            found = forwarded_for;
            break;
        }
        const auto forwarded = address_in(header, "forwarded: for=");
        if (!forwarded.empty()) found = forwarded;
    }
    if (found.empty()) return std::nullopt;
    char* out = arena.allocate_array<char>(found.size());
    for (std::size_t i = 0; i < found.size(); ++i) out[i] = text::lower(found[i]);
    return std::string_view(out, found.size());
}

}  // namespace snowline::enricher
