#include "common/check.h"
#include "common/regex/java_regex.h"
#include "common/text/ascii.h"
#include "common/text/utf8.h"
#include "iglu/validate/format_rules.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace snowline::iglu::validate {
namespace {

// The part before the @, by commons-validator's expression: unquoted or quoted words.
bool is_user(std::string_view text) {
    static constexpr std::string_view kRegex =
        R"re(^\s*(((\\.)|[^\s\x00-\x1F\x7F\(\)<>@,;:'\\"\.\[\]]|')+|("(\\"|[^"])*"))(\.(((\\.)|[^\s\x00-\x1F\x7F\(\)<>@,;:'\\"\.\[\]]|')+|("(\\"|[^"])*")))*$)re";
    static const text::JavaRegex kCompiled = [] {
        auto regex = text::JavaRegex::compile(kRegex);
        SNOWLINE_CHECK(regex.has_value());
        return std::move(*regex);
    }();
    return text::utf16_length(text) <= 64 &&
           kCompiled.matches(text) == text::JavaRegex::Outcome::kYes;
}

constexpr std::size_t kLabelMax = 63;
constexpr std::array<std::string_view, 3> kForeignDots = {"\u3002", "\uFF0E", "\uFF61"};

std::vector<std::string> labels_of(std::string_view domain) {
    std::vector<std::string> labels(1);
    for (std::size_t at = 0; at < domain.size();) {
        std::size_t dot = domain[at] == '.' ? 1 : 0;
        for (const std::string_view foreign : kForeignDots) {
            if (domain.substr(at).starts_with(foreign)) dot = foreign.size();
        }
        if (dot != 0) {
            labels.emplace_back();
            at += dot;
        } else {
            labels.back() += domain[at++];
        }
    }
    return labels;
}

// RFC 3492 with the parameters of IDNA.
class Punycode {
public:
    static std::string encode(const std::u32string& label) {
        std::string out = "xn--";
        for (const char32_t c : label) {
            if (c < 0x80) out += static_cast<char>(c);
        }
        auto handled = out.size() - 4;
        const auto basic = handled;
        if (basic > 0) out += '-';
        std::uint32_t code = 128, delta = 0, bias = 72;
        while (handled < label.size()) {
            char32_t next = 0x10FFFF;
            for (const char32_t c : label) {
                if (c >= code) next = std::min(next, c);
            }
            delta += static_cast<std::uint32_t>((next - code) * (handled + 1));
            code = next;
            for (const char32_t c : label) {
                if (c < code) ++delta;
                if (c != code) continue;
                append_number(delta, bias, out);
                bias = adapted(delta, static_cast<std::uint32_t>(handled + 1), handled == basic);
                delta = 0;
                ++handled;
            }
            ++delta;
            ++code;
        }
        return out;
    }

private:
    static void append_number(std::uint32_t number, std::uint32_t bias, std::string& out) {
        for (std::uint32_t k = 36;; k += 36) {
            const std::uint32_t threshold = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
            const std::uint32_t digit =
                number < threshold ? number : threshold + (number - threshold) % (36 - threshold);
            out += static_cast<char>(digit < 26 ? 'a' + digit : '0' + (digit - 26));
            if (number < threshold) return;
            number = (number - threshold) / (36 - threshold);
        }
    }
    static std::uint32_t adapted(std::uint32_t delta, std::uint32_t points, bool first) {
        delta = first ? delta / 700 : delta / 2;
        delta += delta / points;
        std::uint32_t k = 0;
        for (; delta > 455; k += 36) delta /= 35;
        return k + 36 * delta / (delta + 38);
    }
};

std::string ascii_label(const std::string& label) {
    std::u32string points;
    bool ascii = true;
    for (std::size_t at = 0; at < label.size();) {
        points += static_cast<char32_t>(text::decode_utf8(label, at));
        ascii = ascii && points.back() < 0x80;
    }
    // Encoding is quadratic in the length; a label that is too long does not become shorter.
    return ascii || points.size() > kLabelMax ? label : Punycode::encode(points);
}

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > kLabelMax || label.front() == '-' || label.back() == '-')
        return false;
    return std::all_of(label.begin(), label.end(),
                       [](char c) { return text::is_alphanumeric(c) || c == '-'; });
}

bool is_domain(std::string_view text) {
    constexpr std::size_t kBytesMax = 1024;  // before it is converted to ASCII
    if (text.size() > kBytesMax) return false;
    std::vector<std::string> labels = labels_of(text);
    if (labels.size() < 2) return false;
    std::size_t length = labels.size() - 1;
    for (std::string& label : labels) {
        label = ascii_label(label);
        if (!is_label(label)) return false;
        length += label.size();
    }
    std::string& tld = labels.back();
    for (char& c : tld) c = text::lower(c);
    return length <= 253 && is_known_tld(tld);
}

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace

bool is_email(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || at == 0) return false;
    std::string_view domain = text.substr(at + 1);
    while (!domain.empty() && is_space(domain.back())) domain.remove_suffix(1);
    if (domain.empty()) return false;
    if (!is_user(text.substr(0, at))) return false;
    if (domain.front() == '[' && domain.back() == ']') {
        const std::string_view address = domain.substr(1, domain.size() - 2);
        return is_ipv4(address) || is_ipv6(address);
    }
    return is_domain(domain);
}

}  // namespace snowline::iglu::validate
