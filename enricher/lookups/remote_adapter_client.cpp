#include "enricher/lookups/remote_adapter_client.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::size_t kAnswerBytesMax = std::size_t{16} << 20;

http::Limits limits_of(const RemoteAdaptersSettings& settings) {
    return {.connect = settings.connection_timeout,
            .total = settings.connection_timeout + settings.read_timeout,
            .body_bytes_max = kAnswerBytesMax,
            .redirects_max = 0};
}

}  // namespace

RemoteAdapterClient::RemoteAdapterClient(const RemoteAdaptersSettings& settings)
    : adapters_(settings.configs), client_(limits_of(settings)) {}

RemoteAnswer RemoteAdapterClient::ask(const RemoteQuestion& question) {
    const http::Request request{.method = "POST",
                                .url = question.url,
                                .headers = {{"content-type", "application/json"}},
                                .body = question.body};
    auto response = client_.send(request);
    if (!response) return unexpected(response.error().message);
    if (response->status / 100 != 2) {
        return unexpected(fmt::format("Request failed with status {}", response->status));
    }
    return std::move(response->body);
}

}  // namespace snowline::enricher
