// Bytes as a connection brings them → requests → records. Checked besides the sanitizers: a head
// ends where its empty line is however the bytes are cut, an answer has no line that its maker did
// not mean, and what is stored is a payload again.
#include "collector/service/service.h"
#include "collector/wire/chunked.h"
#include "common/check.h"
#include "common/model/collector_payload_thrift.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace snowline;
using namespace snowline::collector;

namespace {

ServiceSettings all_features() {
    ServiceSettings out;
    out.sink = "stdout";
    out.record_bytes_max = 700;
    out.enable_default_redirect = true;
    out.redirect_macro.enabled = true;
    out.cookie.domains = {"a.b"};
    out.cookie_bounce.enabled = true;
    out.cookie_bounce.forwarded_protocol_header = "X-Forwarded-Proto";
    out.do_not_track_cookie = {.enabled = true, .name = "dnt", .value = "1|yes.*"};
    return out;
}

/// Every line of an answer's head is a header that was meant: one colon-separated name each.
void check_answer(const Response& response) {
    Rendering rendering;
    rendering.with_body = false;
    const std::string bytes = render(response, rendering);
    std::size_t lines = 0;
    for (const char c : bytes) lines += c == '\n' ? 1 : 0;
    // Status line, Server, Date, Content-Length, the empty line; Content-Type where there is one.
    SNOWLINE_CHECK(lines == 5 + response.headers.size() + (response.content_type.empty() ? 0 : 1));
    SNOWLINE_CHECK(bytes.find('\0') == std::string::npos);
}

void check_end(std::string_view bytes, std::size_t end) {
    std::size_t scanned = 0;
    std::size_t found = 0;
    for (std::size_t cut = 0; cut <= bytes.size() && found == 0; cut += 7) {
        found = wire::find_head_end(bytes.substr(0, cut), scanned);
    }
    if (found == 0) found = wire::find_head_end(bytes, scanned);
    SNOWLINE_CHECK(found == end);
}

/// Serves one request from the front of `bytes`; how many bytes it took, 0 at the end.
std::size_t serve(std::string_view bytes, const Service& service, wire::NameSpellings& spellings) {
    wire::judge_incomplete(bytes, {});
    std::size_t scanned = 0;
    const std::size_t end = wire::find_head_end(bytes, scanned);
    check_end(bytes, end);
    if (end == 0) return 0;
    auto head = wire::parse_head(bytes.substr(0, end), {}, spellings);
    if (!head) {
        check_answer(refusal_response(head.error()));
        return 0;
    }
    std::string body;
    std::size_t consumed = 0;
    const auto rest = bytes.substr(end);
    if (head->body == wire::BodyKind::kLength) {
        if (head->content_length > rest.size()) return 0;
        consumed = head->content_length;
        body = rest.substr(0, consumed);
    } else if (head->body == wire::BodyKind::kChunked) {
        wire::ChunkedBody decoder(1 << 20);
        if (decoder.feed(rest, body, consumed) != wire::ChunkedBody::State::kDone) return 0;
    }
    const Request request = make_request(std::move(*head), std::move(body), {"127.0.0.1", false});
    const Route route = service.route(request.head);
    const Reply reply = service.handle(request, route, {}, [] { return std::string("id"); });
    check_answer(reply.response);
    for (const std::string& record : reply.records.good) {
        SNOWLINE_CHECK(model::from_thrift(record).has_value());
    }
    return end + consumed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Service service(all_features());
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    wire::NameSpellings spellings;
    for (int requests = 0; requests < 8; ++requests) {
        const std::size_t taken = serve(bytes, service, spellings);
        if (taken == 0) break;
        bytes.remove_prefix(taken);
    }
    return 0;
}
