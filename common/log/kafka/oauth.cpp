#include "common/log/kafka/oauth.h"

#include "common/json/parse.h"
#include "common/log/kafka/command_output.h"
#include "common/text/base64.h"
#include "common/text/percent.h"

#include <charconv>
#include <optional>
#include <string_view>

namespace snowline::log::kafka {
namespace {

constexpr std::chrono::milliseconds kCommandWithin{10'000};
constexpr std::int64_t kUnknownLifetimeMs = 300'000;  // of a token that does not say it

/// Seconds, maybe with a fraction.
std::optional<std::int64_t> seconds_of(const json::Value* value) {
    if (value == nullptr || !value->is_number()) return std::nullopt;
    const std::string_view text = value->text();
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || seconds < 0 || seconds > 1'000'000'000'000) return std::nullopt;
    return seconds;
}

/// What a JWT says of itself; nothing where it is none.
void read_claims(Token& token) {
    const auto first = token.value.find('.');
    const auto second = token.value.find('.', first == std::string::npos ? first : first + 1);
    if (second == std::string::npos) return;
    const std::string claims = text::decode_base64_lenient(
        std::string_view(token.value).substr(first + 1, second - first - 1));
    json::Arena arena;
    const auto parsed = json::parse(claims, arena);
    if (!parsed) return;
    if (const auto end = seconds_of(parsed->find("exp"))) token.expires_ms = *end * 1000;
    const json::Value* subject = parsed->find("sub");
    if (subject != nullptr && subject->is_string()) token.principal = subject->text();
}

std::string form_encoded(std::string_view text) {
    std::string out;
    text::encode_percent(text, "-._~", out);
    return out;
}

Result<std::string> ask(const OauthSettings& settings, http::Client& client) {
    http::Request request;
    request.method = "POST";
    request.url = settings.endpoint;
    request.body = "grant_type=client_credentials";
    if (!settings.scope.empty()) request.body += "&scope=" + form_encoded(settings.scope);
    // RFC 6749 §2.3.1: both encoded as in a form before they are joined.
    const std::string credentials =
        form_encoded(settings.client_id) + ":" + form_encoded(settings.client_secret);
    request.headers = {{"Authorization", "Basic " + text::encode_base64(credentials)},
                       {"Content-Type", "application/x-www-form-urlencoded"},
                       {"Accept", "application/json"}};
    auto response = client.send(request);
    if (!response) {
        return unexpected("the token endpoint gives no answer: " + response.error().message);
    }
    if (response->status != 200) {
        return unexpected("the token endpoint answers with status " +
                          std::to_string(response->status));
    }
    return std::move(response->body);
}

}  // namespace

Result<Token> read_token(const std::string& text, const OauthSettings& settings,
                         std::int64_t now_ms) {
    Token token{.value = text,
                .principal = settings.client_id.empty() ? "snowline" : settings.client_id,
                .expires_ms = now_ms + kUnknownLifetimeMs};
    if (text.starts_with('{')) {
        json::Arena arena;
        const auto answer = json::parse(text, arena);
        const json::Value* value = answer ? answer->find("access_token") : nullptr;
        if (value == nullptr || !value->is_string() || value->text().empty()) {
            return unexpected(std::string("there is no access_token in the answer"));
        }
        token.value = value->text();
        if (const auto lifetime = seconds_of(answer->find("expires_in"))) {
            token.expires_ms = now_ms + *lifetime * 1000;
        }
    }
    read_claims(token);
    if (token.expires_ms <= now_ms) return unexpected(std::string("the token is out of date"));
    return token;
}

Result<Token> fetch_token(const OauthSettings& settings, http::Client& client,
                          std::int64_t now_ms) {
    const auto text = settings.command.empty() ? ask(settings, client)
                                               : output_of(settings.command, kCommandWithin);
    if (!text) return unexpected(text.error());
    return read_token(*text, settings, now_ms);
}

}  // namespace snowline::log::kafka
