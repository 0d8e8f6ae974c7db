#include "enricher/lookups/remote_adapter_client.h"

#include <utility>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::size_t kAnswerBytesMax = std::size_t{16} << 20;
constexpr std::size_t kAtATime = 16;  // questions, of all workers together

http::Limits limits_of(const RemoteAdaptersSettings& settings) {
    return {.connect = settings.connection_timeout,
            .total = settings.connection_timeout + settings.read_timeout,
            .body_bytes_max = kAnswerBytesMax,
            .redirects_max = 0};
}

}  // namespace

RemoteAdapterClient::RemoteAdapterClient(const RemoteAdaptersSettings& settings)
    : adapters_(settings.configs), client_(limits_of(settings)), pool_(kAtATime) {}

RemoteAdapterClient::~RemoteAdapterClient() {
    client_.cancel();
}

std::shared_ptr<const RemoteAsking> RemoteAdapterClient::ask(RemoteQuestion question) {
    auto asking = std::make_shared<RemoteAsking>();
    pool_.run([this, asking, question = std::move(question)]() mutable {
        // Put aside and dropped: nobody waits for it any more.
        if (asking.use_count() > 1) asking->answer_ = exchange(std::move(question));
        asking->landed_ = true;
    });
    return asking;
}

RemoteAnswer RemoteAdapterClient::exchange(RemoteQuestion question) {
    const http::Request request{.method = "POST",
                                .url = std::move(question.url),
                                .headers = {{"content-type", "application/json"}},
                                .body = std::move(question.body)};
    auto response = client_.send(request);
    if (!response) return unexpected(response.error().message);
    if (response->status / 100 != 2) {
        return unexpected(fmt::format("Request failed with status {}", response->status));
    }
    return std::move(response->body);
}

}  // namespace snowline::enricher
