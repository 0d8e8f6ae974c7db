#include "collector/wire/head.h"

#include "collector/wire/ascii.h"
#include "common/text/utf8.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace snowline::collector::wire {
namespace {

constexpr std::size_t kMethodBytesMax = 16;
using Reason = RefusalReason;

struct NamedMethod {
    std::string_view name;
    Method method;
};
constexpr std::array kMethods{
    NamedMethod{"GET", Method::kGet},       NamedMethod{"HEAD", Method::kHead},
    NamedMethod{"POST", Method::kPost},     NamedMethod{"PUT", Method::kPut},
    NamedMethod{"DELETE", Method::kDelete}, NamedMethod{"PATCH", Method::kPatch},
    NamedMethod{"TRACE", Method::kTrace},   NamedMethod{"OPTIONS", Method::kOptions},
};

Refusal target_too_long(const HeadLimits& limits) {
    return {
        limits.too_long_is_bad_request ? Reason::kConfiguredLineTooLong : Reason::kTargetTooLong,
        std::to_string(limits.target_bytes_max)};
}

Refusal head_too_long(const HeadLimits& limits) {
    return {limits.too_long_is_bad_request ? Reason::kConfiguredHeadersTooLong
                                           : Reason::kHeadersTooLong,
            std::to_string(limits.head_bytes_max)};
}

/// Whether a request line may begin with these bytes: a token followed by white space, or an
/// unfinished token. Leading white space is ignored, as RFC 9112 §3 allows; such a line is refused
/// as well, but its sender waits for an answer.
bool begins_with_method(std::string_view bytes) {
    bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size()));
    const auto end = std::find_if_not(bytes.begin(), bytes.end(), is_token_char);
    return end != bytes.begin() && (end == bytes.end() || *end == ' ' || *end == '\t');
}

Result<Method, Refusal> read_method(std::string_view line) {
    const auto begin = line.substr(0, kMethodBytesMax + 1);
    const auto end = begin.find(' ');
    if (end == std::string_view::npos) {
        return unexpected(
            Refusal{begins_with_method(begin) ? Reason::kMethodTooLong : Reason::kNoRequestLine});
    }
    const auto name = begin.substr(0, end);
    if (name == "CONNECT") return unexpected(Refusal{Reason::kConnectMethod});
    const auto* known = std::find_if(kMethods.begin(), kMethods.end(),
                                     [&](const auto& m) { return m.name == name; });
    if (known != kMethods.end()) return known->method;
    return unexpected(
        Refusal{begins_with_method(begin) ? Reason::kUnknownMethod : Reason::kIllegalMethod});
}

struct RequestLine {
    Method method;
    Target target;
    bool is_http10;
};

Result<RequestLine, Refusal> read_request_line(std::string_view head, const HeadLimits& limits) {
    const auto method = read_method(head);  // an empty line before it is included: no method
    if (!method) return unexpected(method.error());
    const auto line = head.substr(0, head.find('\n'));
    auto rest = line.substr(to_text(*method).size() + 1);
    if (rest.ends_with('\r')) rest.remove_suffix(1);
    std::size_t end = rest.size();
    for (const char c : {' ', '\t', '\r'}) end = std::min(end, rest.substr(0, end).find(c));
    if (end > limits.target_bytes_max) return unexpected(target_too_long(limits));
    auto target = parse_target(rest.substr(0, end));
    if (!target) return unexpected(std::move(target.error()));
    rest.remove_prefix(end);
    if (rest != " HTTP/1.1" && rest != " HTTP/1.0") {
        return unexpected(Refusal{Reason::kUnsupportedVersion});
    }
    return RequestLine{*method, std::move(*target), rest.back() == '0'};
}

std::string shown(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) return {c};
    return fmt::format("\\u{:04x}", byte);
}

/// Appends one physical line of a value, cleaned: trimmed, each tab as a space.
std::optional<Refusal> append_value(std::string_view raw, std::string& value) {
    const std::string_view text = trim(raw);
    const std::size_t begin = value.size();
    value.append(text);
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    };
    auto at = value.begin() + static_cast<std::ptrdiff_t>(begin);
    while ((at = std::find_if(at, value.end(), is_control)) != value.end()) {
        if (*at != '\t') {
            return Refusal{Reason::kIllegalHeaderValue, shown(*at)};
        }
        *at = ' ';
    }
    return std::nullopt;
}

/// The lines of the head behind the request line, without their line ends.
std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> out;
    out.reserve(24);  // enough for what browsers send
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        out.push_back(line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
}

/// Headers that decide where a request ends or which server it is for. Proxies and servers join
/// folded lines differently, so these must not be folded.
bool decides_framing(std::string_view name) {
    constexpr std::array kNames{"Content-Length", "Transfer-Encoding", "Host", "Connection"};
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](const char* own) { return equal_ignoring_case(name, own); });
}

Result<std::vector<HeaderLine>, Refusal> read_headers(const std::vector<std::string_view>& lines,
                                                      const HeadLimits& limits,
                                                      NameSpellings& spellings) {
    std::vector<HeaderLine> out;
    out.reserve(std::min(lines.size(), limits.lines_max));
    for (const std::string_view line : lines) {
        if (line.empty()) break;
        if (line.front() == ' ' || line.front() == '\t') {  // obs-fold
            if (out.empty()) {
                return unexpected(Refusal{Reason::kIllegalHeaderName, " "});
            }
            if (decides_framing(out.back().name)) {
                return unexpected(Refusal{Reason::kFoldedFraming, out.back().name});
            }
            if (!out.back().value.empty()) out.back().value += ' ';
            if (auto refusal = append_value(line, out.back().value)) return unexpected(*refusal);
        } else {
            if (out.size() == limits.lines_max) {
                return unexpected(
                    Refusal{Reason::kTooManyHeaders, std::to_string(limits.lines_max + 1)});
            }
            const auto end = std::find_if_not(line.begin(), line.end(), is_token_char);
            const auto name = line.substr(0, static_cast<std::size_t>(end - line.begin()));
            if (name.size() > limits.name_bytes_max) {
                return unexpected(
                    Refusal{Reason::kHeaderNameTooLong, std::to_string(limits.name_bytes_max)});
            }
            if (name.empty() || end == line.end() || *end != ':') {
                const char bad = end == line.end() ? '\r' : *end;
                return unexpected(Refusal{Reason::kIllegalHeaderName, shown(bad)});
            }
            out.push_back({std::string(spellings.first_spelling(name)), {}});
            if (auto refusal = append_value(line.substr(name.size() + 1), out.back().value)) {
                return unexpected(*refusal);
            }
        }
        if (out.back().value.size() > limits.value_bytes_max) {
            return unexpected(
                Refusal{Reason::kHeaderValueTooLong, std::to_string(limits.value_bytes_max)});
        }
    }
    for (HeaderLine& header : out) {
        if (!text::is_utf8(header.value)) header.value = text::to_valid_utf8(header.value);
    }
    return out;
}

std::vector<const std::string*> find_all(const Head& head, std::string_view name) {
    std::vector<const std::string*> out;
    for (const HeaderLine& line : head.lines) {
        if (equal_ignoring_case(line.name, name)) out.push_back(&line.value);
    }
    return out;
}

/// RFC 9112 §6, without its tolerances.
std::optional<Refusal> read_framing(Head& head) {
    const auto lengths = find_all(head, "Content-Length");
    const auto codings = find_all(head, "Transfer-Encoding");
    for (const std::string* length : lengths) {
        const bool digits =
            !length->empty() && std::all_of(length->begin(), length->end(), is_digit);
        if (!digits) return Refusal{Reason::kIllegalContentLength};
    }
    if (lengths.size() > 1) return Refusal{Reason::kSeveralContentLengths};
    if (!lengths.empty()) {
        std::uint64_t value = 0;
        for (const char c : *lengths.front()) {
            if (value > (std::uint64_t{1} << 59)) {
                return Refusal{Reason::kContentLengthTooLarge};
            }
            value = value * 10 + static_cast<std::uint64_t>(c - '0');
        }
        head.content_length = value;
        head.body = value == 0 ? BodyKind::kNone : BodyKind::kLength;
    }
    if (codings.empty()) return std::nullopt;
    if (codings.size() > 1 || codings.front()->find(',') != std::string::npos) {
        return Refusal{Reason::kSeveralTransferCodings};
    }
    if (!equal_ignoring_case(*codings.front(), "chunked")) {
        return Refusal{Reason::kUnknownTransferCoding};
    }
    if (!lengths.empty()) return Refusal{Reason::kLengthOfChunked};
    if (head.is_http10) return Refusal{Reason::kChunkedHttp10};
    head.body = BodyKind::kChunked;
    return std::nullopt;
}

std::optional<Refusal> read_host(Head& head) {
    const auto hosts = find_all(head, "Host");
    if (hosts.size() > 1) return Refusal{Reason::kSeveralHosts};
    std::optional<Authority> host;
    if (!hosts.empty()) host = parse_authority(*hosts.front());
    if (!host && !head.is_http10) return Refusal{Reason::kNoHost};
    if (head.target.authority) {
        if (host && !host->host.empty() && *host != *head.target.authority) {
            return Refusal{Reason::kHostDiffers, head.target.raw};
        }
        head.host = *head.target.authority;
        return std::nullopt;
    }
    if (!host || host->host.empty()) {
        return Refusal{host ? Reason::kEmptyHost : Reason::kNoHttp10Host, head.target.raw};
    }
    head.host = std::move(*host);
    return std::nullopt;
}

/// Whether a comma-separated header holds a word, in any case.
bool lists(const std::vector<const std::string*>& values, std::string_view word) {
    for (const std::string* value : values) {
        std::string_view rest = *value;
        while (true) {
            const auto comma = rest.find(',');
            if (equal_ignoring_case(trim(rest.substr(0, comma)), word)) return true;
            if (comma == std::string_view::npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
    return false;
}

}  // namespace

std::string_view to_text(Method method) {
    for (const NamedMethod& named : kMethods) {
        if (named.method == method) return named.name;
    }
    return {};
}

const std::string* Head::find(std::string_view name) const {
    for (const HeaderLine& line : lines) {
        if (equal_ignoring_case(line.name, name)) return &line.value;
    }
    return nullptr;
}

std::string_view NameSpellings::first_spelling(std::string_view name) {
    // Clients repeat their headers in the same order.
    for (std::size_t i = 0; i < names_.size(); ++i) {
        const std::size_t at = (next_ + i) % names_.size();
        if (!equal_ignoring_case(names_[at], name)) continue;
        next_ = at + 1;
        return names_[at];
    }
    if (names_.size() == kNamesMax) return name;
    return names_.emplace_back(name);
}

std::size_t find_head_end(std::string_view buffer, std::size_t& scanned) {
    // A line feed, then another, with at most a CR between them.
    for (std::size_t at = scanned; (at = buffer.find('\n', at)) != std::string_view::npos; ++at) {
        const auto rest = buffer.substr(at + 1);
        if (rest.starts_with('\n')) return at + 2;
        if (rest.starts_with("\r\n")) return at + 3;
        if (rest.size() < 2) {
            scanned = at;
            return 0;
        }
    }
    scanned = buffer.size();
    return 0;
}

std::optional<Refusal> judge_incomplete(std::string_view buffer, const HeadLimits& limits) {
    if (buffer.size() > limits.head_bytes_max) return head_too_long(limits);
    const bool method_there = buffer.size() > kMethodBytesMax ||
                              buffer.find(' ') != std::string_view::npos ||
                              buffer.find('\0') != std::string_view::npos;
    if (!method_there) return std::nullopt;
    const auto method = read_method(buffer);
    if (!method) return method.error();
    const bool line_there = buffer.find('\n') != std::string_view::npos;
    const auto overhead = to_text(*method).size() + sizeof(" HTTP/1.1\r");
    if (!line_there && buffer.size() > limits.target_bytes_max + overhead) {
        return target_too_long(limits);
    }
    return std::nullopt;
}

Result<Head, Refusal> parse_head(std::string_view bytes, const HeadLimits& limits,
                                 NameSpellings& spellings) {
    auto first = read_request_line(bytes, limits);
    if (!first) return unexpected(std::move(first.error()));
    if (bytes.size() > limits.head_bytes_max) return unexpected(head_too_long(limits));
    const auto lines = split_lines(bytes.substr(bytes.find('\n') + 1));
    auto headers = read_headers(lines, limits, spellings);
    if (!headers) return unexpected(std::move(headers.error()));

    Head head;
    head.method = first->method;
    head.target = std::move(first->target);
    head.is_http10 = first->is_http10;
    head.lines = std::move(*headers);
    if (auto refusal = read_framing(head)) return unexpected(std::move(*refusal));
    if (find_all(head, "Content-Type").size() > 1) {
        return unexpected(Refusal{Reason::kSeveralContentTypes});
    }
    if (auto refusal = read_host(head)) return unexpected(std::move(*refusal));
    const auto connection = find_all(head, "Connection");
    head.keep_alive =
        head.is_http10 ? lists(connection, "keep-alive") : !lists(connection, "close");
    head.expects_continue = !head.is_http10 && lists(find_all(head, "Expect"), "100-continue");
    return head;
}

}  // namespace snowline::collector::wire
