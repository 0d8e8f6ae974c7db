#include "common/http/client.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <optional>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace snowline::http {
namespace {

using Milliseconds = std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kIdleHandlesMax = 16;
constexpr long kHeaderBytesMax = 64 * 1024;  // of a whole response

struct CurlDelete {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
    void operator()(char* text) const { curl_free(text); }
};
using Handle = std::unique_ptr<CURL, CurlDelete>;
using HeaderList = std::unique_ptr<curl_slist, CurlDelete>;

// Scheme, host and port as one text: a redirect to another origin loses the request's headers.
std::optional<std::string> origin_of(const std::string& url) {
    const std::unique_ptr<CURLU, CurlDelete> parsed(curl_url());
    if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return std::nullopt;
    std::string origin;
    for (const CURLUPart part : {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT}) {
        char* text = nullptr;
        if (curl_url_get(parsed.get(), part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) {
            return std::nullopt;
        }
        const std::unique_ptr<char, CurlDelete> owned(text);
        origin += text;
        origin += ' ';
    }
    return origin;
}

bool is_loopback_name(const std::string& origin) {
    return origin.find(" localhost ") != std::string::npos ||
           origin.find(" 127.") != std::string::npos || origin.find(" [::1] ") != std::string::npos;
}

bool is_public(std::uint32_t address) {
    struct Net {
        std::uint32_t base, bits;
    };
    constexpr Net kOthers[] = {{0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10},
                               {0x7F000000, 8},  {0xA9FE0000, 16}, {0xAC100000, 12},
                               {0xC0A80000, 16}, {0xE0000000, 3}};
    return std::none_of(std::begin(kOthers), std::end(kOthers), [&](const Net& net) {
        return (address >> (32 - net.bits)) == (net.base >> (32 - net.bits));
    });
}

bool is_public(const in6_addr& address) {
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
        std::uint32_t v4 = 0;
        std::memcpy(&v4, &address.s6_addr[12], sizeof v4);
        return is_public(ntohl(v4));
    }
    const bool global_unicast = (address.s6_addr[0] & 0xE0) == 0x20;
    return global_unicast;
}

// CURLOPT_OPENSOCKETFUNCTION: judges the address that the name was just resolved to.
curl_socket_t open_public_only(void*, curlsocktype, curl_sockaddr* address) {
    bool allowed = false;
    if (address->family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address->addr, sizeof v4);
        allowed = is_public(ntohl(v4.sin_addr.s_addr));
    } else if (address->family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address->addr, std::min<std::size_t>(sizeof v6, address->addrlen));
        allowed = is_public(v6.sin6_addr);
    }
    if (!allowed) return CURL_SOCKET_BAD;
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

struct Body {
    std::string text;
    std::size_t bytes_max;
    bool too_large = false;
};

std::size_t append_body(char* data, std::size_t size, std::size_t count, void* context) {
    Body& body = *static_cast<Body*>(context);
    if (body.text.size() + size * count > body.bytes_max) {
        body.too_large = true;
        return 0;
    }
    body.text.append(data, size * count);
    return size * count;
}

struct HeaderReader {
    Headers headers = {};
    long bytes_left = kHeaderBytesMax;
};

// Called once for each line. A status line starts over, as after `100 Continue`.
std::size_t read_header(char* data, std::size_t size, std::size_t count, void* context) {
    HeaderReader& reader = *static_cast<HeaderReader*>(context);
    reader.bytes_left -= static_cast<long>(size * count);
    if (reader.bytes_left < 0) return 0;
    const std::string_view line(data, size * count);
    const std::size_t colon = line.find(':');
    if (line.starts_with("HTTP/")) {
        reader.headers.clear();
    } else if (colon != std::string_view::npos) {
        reader.headers.emplace_back(text::to_lower(text::java_trim(line.substr(0, colon))),
                                    text::java_trim(line.substr(colon + 1)));
    }
    return size * count;
}

Failure failure_of(CURLcode code) {
    using enum Failure::Kind;
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return {kInvalidUrl, "The URL is no http(s) URL"};
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {kResolve, "The host's name cannot be resolved"};
        case CURLE_COULDNT_CONNECT:
            return {kConnect, "Connection refused or host unreachable"};
        case CURLE_OPERATION_TIMEDOUT:
            return {kTimeout, "No answer in time"};
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
            return {kTls, "TLS handshake or certificate failure"};
        case CURLE_ABORTED_BY_CALLBACK:
            return {kBroken, "The program ends"};
        default:
            return {kBroken, fmt::format("Broken exchange: {}", curl_easy_strerror(code))};
    }
}

// CURLOPT_XFERINFOFUNCTION, which is called about once a second at least: other than 0 ends it.
int is_cancelled(void* flag, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::atomic<bool>*>(flag)->load() ? 1 : 0;
}

HeaderList header_list(const Headers& headers) {
    curl_slist* list = nullptr;
    for (const auto& [name, value] : headers) {
        list = curl_slist_append(list, fmt::format("{}: {}", name, value).c_str());
    }
    return HeaderList(list);
}

}  // namespace

/// Idle connections. curl's global state is set up with the first of them.
class Client::Handles {
public:
    Handles() {
        static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
        static_cast<void>(kReady);
    }

    Handle take() {
        const std::scoped_lock lock(mutex_);
        if (idle_.empty()) return Handle(curl_easy_init());
        Handle handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
    }

    void give_back(Handle handle) {
        curl_easy_reset(handle.get());  // options only: connections stay open
        const std::scoped_lock lock(mutex_);
        if (idle_.size() < kIdleHandlesMax) idle_.push_back(std::move(handle));
    }

private:
    std::mutex mutex_;
    std::vector<Handle> idle_;
};

namespace {

struct Hop {
    Response response;
    std::string redirect;  // where to; empty where it is no redirect
};

// One exchange, without following redirects.
Result<Hop, Failure> exchange(CURL* handle, const Request& request, const std::string& url,
                              bool elsewhere, const Limits& limits, Milliseconds left,
                              std::atomic<bool>& cancelled) {
    const auto origin = origin_of(url);
    if (!origin) return unexpected(failure_of(CURLE_URL_MALFORMAT));
    Body body{.text = {}, .bytes_max = limits.body_bytes_max};
    HeaderReader header_reader;
    const HeaderList headers = header_list(elsewhere ? Headers{} : request.headers);

    curl_easy_reset(handle);
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    // Or a name server that does not answer is waited for, whatever the limits are.
    curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
#endif
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "snowline");
    curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, append_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, read_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &header_reader);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, is_cancelled);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &cancelled);
    if (is_loopback_name(*origin)) curl_easy_setopt(handle, CURLOPT_PROXY, "");
    if (elsewhere) {
        curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_public_only);
        curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);  // an open one was not judged
    }
    if (request.method != "GET" || !request.body.empty()) {
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
    }

    const CURLcode code = curl_easy_perform(handle);
    if (body.too_large) {
        return unexpected(
            Failure{Failure::Kind::kTooLarge,
                    fmt::format("The answer has more than {} bytes", limits.body_bytes_max)});
    }
    if (code != CURLE_OK) return unexpected(failure_of(code));
    long status = 0;
    char* redirect = nullptr;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(handle, CURLINFO_REDIRECT_URL, &redirect);
    return Hop{.response = {.status = static_cast<int>(status),
                            .body = std::move(body.text),
                            .headers = std::move(header_reader.headers)},
               .redirect = redirect != nullptr ? redirect : ""};
}

}  // namespace

Client::Client(Limits limits) : limits_(limits), handles_(std::make_unique<Handles>()) {}
Client::~Client() = default;

Result<Response, Failure> Client::send(const Request& request,
                                       std::optional<std::chrono::milliseconds> at_most) {
    if (cancelled_) return unexpected(failure_of(CURLE_ABORTED_BY_CALLBACK));
    const auto origin = origin_of(request.url);
    if (!origin) return unexpected(failure_of(CURLE_URL_MALFORMAT));
    const auto deadline = Steady::now() + std::min(at_most.value_or(limits_.total), limits_.total);
    Handle handle = handles_->take();
    std::string url = request.url;
    bool elsewhere = false;
    Result<Response, Failure> result = unexpected(Failure{
        Failure::Kind::kRefused, fmt::format("More than {} redirects", limits_.redirects_max)});
    for (int hop = 0; hop <= limits_.redirects_max; ++hop) {
        const auto left = std::chrono::duration_cast<Milliseconds>(deadline - Steady::now());
        if (left.count() <= 0) {
            result = unexpected(failure_of(CURLE_OPERATION_TIMEDOUT));
            break;
        }
        auto answer = exchange(handle.get(), request, url, elsewhere, limits_, left, cancelled_);
        if (!answer) {
            result = unexpected(answer.error());
            break;
        }
        // Only GET is redirected: a request with a body takes effect at the first server.
        if (answer->redirect.empty() || request.method != "GET") {
            result = std::move(answer->response);
            break;
        }
        url = std::move(answer->redirect);
        elsewhere = elsewhere || origin_of(url) != origin;
    }
    handles_->give_back(std::move(handle));
    return result;
}

}  // namespace snowline::http
