#include "common/log/kafka/command_output.h"
#include "common/log/kafka/config_providers.h"
#include "common/log/kafka/oauth.h"
#include "common/log/kafka/settings.h"
#include "common/text/base64.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <unistd.h>

namespace snowline::log::kafka {
namespace {

constexpr std::int64_t kNow = 1'000'000'000'000;

std::string jwt(const std::string& claims) {
    return text::encode_base64url(R"({"alg":"none"})") + "." + text::encode_base64url(claims) + ".";
}

struct TemporaryFile {
    explicit TemporaryFile(const std::string& content) {
        static int number = 0;
        directory =
            std::filesystem::temp_directory_path() /
            ("snowline-secrets-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
        std::filesystem::create_directory(directory);
        std::ofstream(directory / "secret") << content;
    }
    ~TemporaryFile() { std::filesystem::remove_all(directory); }
    std::filesystem::path directory;
};

}  // namespace

TEST_CASE("Kafka's configuration providers fetch secrets from files and the environment") {
    const TemporaryFile file("# a comment\npassword = a=b:c\r\nother: x\n");
    const std::string path = (file.directory / "secret").string();
    ::setenv("SNOWLINE_TEST_SECRET", "from outside", 1);
    CHECK(expand_providers("${env:SNOWLINE_TEST_SECRET}") == "from outside");
    CHECK(expand_providers("a ${file:" + path + ":password} b") == "a a=b:c b");
    CHECK(expand_providers("${file:" + path + ":other}") == "x");
    const TemporaryFile plain("sesame\n");
    CHECK(expand_providers("user=\"u\" password=\"${directory:" + plain.directory.string() +
                           ":secret}\"") == "user=\"u\" password=\"sesame\"");
    CHECK(expand_providers("$ConnectionString ${not one} ${") == "$ConnectionString ${not one} ${");
}

TEST_CASE("what a provider does not have is an error that names it") {
    const TemporaryFile file("password = sesame\n");
    const std::string path = (file.directory / "secret").string();
    for (const std::string& text :
         {"${file:" + path + ":nope}", std::string("${env:SNOWLINE_TEST_NOPE}"),
          std::string("${directory:/nowhere:x}"), std::string("${directory:/etc:../x}")}) {
        const auto expanded = expand_providers(text);
        REQUIRE_FALSE(expanded);
        CHECK(expanded.error().find("sesame") == std::string::npos);
    }
    const auto to =
        translate({{"sasl.jaas.config",
                    "x required username=\"u\" password=\"${env:SNOWLINE_TEST_NOPE}\";"}});
    REQUIRE_FALSE(to);
    CHECK(to.error().message == "sasl.jaas.config: the environment has no SNOWLINE_TEST_NOPE");
}

TEST_CASE("JAAS lines may quote as they like") {
    for (const char* line :
         {"x.ScramLoginModule required username=alice password=wonder;",
          "x.ScramLoginModule required username='alice' password='wonder';",
          "x.ScramLoginModule   required\n  username=\"alice\"\n password=\"wonder\" ;"}) {
        const auto to = translate({{"sasl.jaas.config", line}});
        REQUIRE(to);
        CHECK(to->values == Settings{{"sasl.username", "alice"}, {"sasl.password", "wonder"}});
    }
}

TEST_CASE("OAUTHBEARER's settings come from the Java clients' names, old and new") {
    const OauthSettings wanted{.endpoint = "https://idp.example/token",
                               .client_id = "id",
                               .client_secret = "sesame",
                               .scope = "kafka"};
    const auto by_jaas =
        translate({{"sasl.mechanism", "OAUTHBEARER"},
                   {"sasl.login.callback.handler.class",
                    "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler"},
                   {"sasl.oauthbearer.token.endpoint.url", "https://idp.example/token"},
                   {"sasl.jaas.config",
                    "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required "
                    "clientId=\"id\" clientSecret='sesame' scope=\"kafka\";"}});
    REQUIRE(by_jaas);
    CHECK(by_jaas->warnings.empty());
    CHECK(by_jaas->oauth == wanted);
    CHECK(by_jaas->values == Settings{{"sasl.mechanism", "OAUTHBEARER"}});
    const auto by_names =
        translate({{"sasl.mechanism", "OAUTHBEARER"},
                   {"sasl.oauthbearer.token.endpoint.url", "https://idp.example/token"},
                   {"sasl.oauthbearer.client.credentials.client.id", "id"},
                   {"sasl.oauthbearer.client.credentials.client.secret", "sesame"},
                   {"sasl.oauthbearer.scope", "kafka"}});
    REQUIRE(by_names);
    CHECK(by_names->oauth == wanted);
    CHECK_FALSE(translate({{"sasl.mechanism", "OAUTHBEARER"}}));
    CHECK(translate({{"sasl.mechanism", "OAUTHBEARER"}, {"sasl.oauthbearer.token.command", "x"}}));
    CHECK_FALSE(translate({{"sasl.mechanism", "PLAIN"}, {"sasl.oauthbearer.scope", "x"}})->oauth);
}

TEST_CASE("key stores are PEM or PKCS12") {
    const auto pem = translate({{"ssl.keystore.location", "/k.pem"}, {"ssl.keystore.type", "PEM"}});
    CHECK(pem->values ==
          Settings{{"ssl.certificate.location", "/k.pem"}, {"ssl.key.location", "/k.pem"}});
    const auto pkcs12 =
        translate({{"ssl.keystore.location", "/k.p12"}, {"ssl.keystore.password", "x"}});
    CHECK(pkcs12->values ==
          Settings{{"ssl.keystore.location", "/k.p12"}, {"ssl.keystore.password", "x"}});
}

TEST_CASE("a token says whose it is and how long it is good") {
    const OauthSettings settings{.client_id = "id"};
    const auto own = read_token(jwt(R"({"sub":"alice","exp":1000000060})"), settings, kNow);
    REQUIRE(own);
    CHECK(own->principal == "alice");
    CHECK(own->expires_ms == kNow + 60'000);
    const auto opaque = read_token(R"({"access_token":"opaque","expires_in":90})", settings, kNow);
    REQUIRE(opaque);
    CHECK(opaque->value == "opaque");
    CHECK(opaque->principal == "id");
    CHECK(opaque->expires_ms == kNow + 90'000);
    for (const std::string& text : {jwt(R"({"exp":1})"), std::string("{}"), std::string("{"),
                                    std::string(R"({"access_token":5})")}) {
        CHECK_FALSE(read_token(text, settings, kNow));
    }
}

TEST_CASE("a command has its time, and what it prints its size") {
    using namespace std::chrono_literals;
    CHECK(output_of("printf 'a b\\n'", 5s) == "a b");
    CHECK_FALSE(output_of("exit 3", 5s));
    CHECK_FALSE(output_of("true", 5s));
    CHECK_FALSE(output_of("sleep 60 & sleep 60", 200ms));
    CHECK_FALSE(output_of("yes", 5s));
    CHECK_FALSE(output_of("/nowhere/at-all 2>/dev/null", 5s));
}

}  // namespace snowline::log::kafka
