#include "enricher/enrich/assets/fetched_assets.h"

#include "enricher/enrich/assets/live_asset.h"
#include "test/integration/common/log/temporary_directory.h"

#include <atomic>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace snowline::enricher {
namespace {

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::filesystem::path& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
}

/// Reads any text but one: `wrong`.
Result<std::shared_ptr<const std::string>> read_text(const std::string& path) {
    std::string text = read_file(path);
    if (text == "wrong") return unexpected<std::string>("it is wrong");
    return std::make_shared<const std::string>(std::move(text));
}

/// An HTTP server of one file, which knows If-None-Match.
class OneFileServer {
public:
    OneFileServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
        REQUIRE(::listen(socket_, 8) == 0);
        socklen_t size = sizeof at;
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
        port_ = ntohs(at.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~OneFileServer() {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }

    std::string uri() const { return "http://127.0.0.1:" + std::to_string(port_) + "/file.txt"; }

    void put(std::string body, std::string etag) {
        const std::lock_guard lock(mutex_);
        body_ = std::move(body);
        etag_ = std::move(etag);
    }
    std::atomic<int> full_answers = 0, short_answers = 0;

private:
    void serve() {
        for (int peer; (peer = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(peer)) {
            std::string request(4096, '\0');
            const auto size = ::recv(peer, request.data(), request.size(), 0);
            request.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
            const std::lock_guard lock(mutex_);
            const bool known = request.find("If-None-Match: " + etag_) != std::string::npos;
            ++(known ? short_answers : full_answers);
            const std::string answer =
                known ? "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"
                      : "HTTP/1.1 200 OK\r\nConnection: close\r\nETag: " + etag_ +
                            "\r\nContent-Length: " + std::to_string(body_.size()) + "\r\n\r\n" +
                            body_;
            static_cast<void>(::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL));
        }
    }

    int socket_;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::string body_, etag_;
    std::thread thread_;
};

TEST_CASE("a file is replaced when it changed, and never by a wrong one") {
    const log::test::TemporaryDirectory folder;
    const auto path = folder.path() / "file.txt";
    write_file(path, "first");
    FetchedAssets assets;
    auto opened = LiveAsset<std::string>::open("file://" + path.string(), assets, read_text);
    REQUIRE(opened);
    auto other_worker = *opened;
    CHECK(opened->get() == "first");
    CHECK(assets.refresh() == 0);

    write_file(path, "second");
    CHECK(opened->get() == "first");
    CHECK(assets.refresh() == 1);
    CHECK(opened->get() == "second");
    CHECK(other_worker.get() == "second");

    write_file(path, "wrong");
    CHECK(assets.refresh() == 0);
    CHECK(opened->get() == "second");
    std::filesystem::remove(path);
    CHECK(assets.refresh() == 0);
    CHECK(opened->get() == "second");

    write_file(path, "third");
    CHECK(assets.refresh() == 1);
    CHECK(opened->get() == "third");
}

TEST_CASE("a server is asked for what has changed") {
    OneFileServer server;
    server.put("first", "\"1\"");
    FetchedAssets assets;
    auto opened = LiveAsset<std::string>::open(server.uri(), assets, read_text);
    REQUIRE(opened);
    CHECK(opened->get() == "first");
    CHECK(assets.refresh() == 0);
    CHECK(server.short_answers == 1);

    server.put("wrong", "\"2\"");
    CHECK(assets.refresh() == 0);
    CHECK(opened->get() == "first");
    CHECK(assets.refresh() == 0);
    CHECK(server.short_answers == 2);

    server.put("second", "\"3\"");
    CHECK(assets.refresh() == 1);
    CHECK(opened->get() == "second");
    CHECK(server.full_answers == 3);
}

TEST_CASE("in the background, too, while others read") {
    const log::test::TemporaryDirectory folder;
    const auto path = folder.path() / "file.txt";
    write_file(path, "0");
    FetchedAssets assets;
    auto opened = LiveAsset<std::string>::open(path.string(), assets, read_text);
    REQUIRE(opened);
    assets.refresh_in_background(std::chrono::milliseconds(1));
    std::atomic<bool> stop = false;
    std::thread reader([asset = *opened, &stop]() mutable {
        while (!stop) {
            if (asset.get().empty()) std::abort();
        }
    });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    write_file(folder.path() / "new", "1");
    std::filesystem::rename(folder.path() / "new", path);
    while (opened->get() != "1" && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    stop = true;
    reader.join();
    CHECK(opened->get() == "1");
}

TEST_CASE("what cannot be had says why, and shows no signature") {
    FetchedAssets assets;
    CHECK(assets.local_copy("s3://bucket/file").error() ==
          "s3://bucket/file: s3 is not supported; http, https and file are");
    CHECK(assets.local_copy("/nowhere/file").error() == "/nowhere/file: there is no such file");
    CHECK(assets.local_copy("http://user:secret@127.0.0.1:9/file?signature=1").error() ==
          "http://127.0.0.1:9/file: Connection refused or host unreachable");
}

}  // namespace
}  // namespace snowline::enricher
