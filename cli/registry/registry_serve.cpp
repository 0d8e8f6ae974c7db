#include "cli/registry/registry_serve.h"

#include "cli/args/api_key_file.h"
#include "cli/args/data_directory.h"
#include "cli/args/parse_and_run.h"
#include "cli/registry/webhook_file.h"
#include "common/http/server.h"
#include "common/ops/logging.h"
#include "common/ops/stop_signals.h"
#include "common/version.h"
#include "iglu/server/api.h"
#include "iglu/server/folder_store.h"
#include "iglu/server/sqlite_store.h"
#include "iglu/server/webhooks.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

namespace fs = std::filesystem;
using namespace iglu::server;

struct Options {
    std::string interface = "127.0.0.1";
    std::uint16_t port = 8082;
    std::string data = (default_data_directory() / "registry").string();
    std::string folder;
    std::string super_key_file;
    bool patches = false;
    bool no_debug = false;
    std::string webhooks;  // a file; empty: no webhooks
    std::uint64_t body_bytes_max = http::ServerLimits{}.body_bytes_max;
};

std::unique_ptr<Store> open_store(const Options& options) {
    if (!options.folder.empty()) {
        if (!fs::is_directory(options.folder))
            throw std::runtime_error(options.folder + ": no such folder");
        return folder_store(options.folder);
    }
    auto store = open_sqlite_store(fs::path(options.data) / "registry.db");
    if (!store) throw std::runtime_error(store.error());
    return *std::move(store);
}

// The file of the super key, which is created at the first start. Folders need none.
std::string super_key_file(const Options& options) {
    if (!options.folder.empty()) return {};
    if (!options.super_key_file.empty()) return options.super_key_file;
    return (fs::path(options.data) / "super-key").string();
}

std::string super_key(const std::string& file) {
    if (file.empty()) return {};
    if (!fs::exists(file)) {
        const auto written = write_api_key_file(file, new_key());
        if (!written) throw std::runtime_error(written.error());
    }
    const auto key = read_api_key_file(file);
    if (!key) throw std::runtime_error(key.error());
    return hash_of_key(*key);
}

void greet(const Options& options, std::uint16_t port, const std::string& key_file) {
    const bool is_folder = !options.folder.empty();
    fmt::print(
        "snowline {} · schema registry\n\n"
        "  registry   http://{}:{}/api   give this to resolvers (--iglu)\n"
        "  catalogue  http://{}:{}/catalogue\n"
        "  schemas    {}\n",
        version(), options.interface, port, options.interface, port,
        is_folder ? options.folder + " (read-only)" : options.data);
    if (!is_folder) {
        fmt::print("  super key  {}\n", key_file);
    }
    fmt::print("\n");
    std::fflush(stdout);
}

// Logs requests that change the registry, not reads; never logs a key.
http::Response answer(const Api& api, const http::Request& request) {
    http::Response response = api.answer(request);
    const bool is_change =
        request.method == "PUT" || request.method == "DELETE" ||
        (request.method == "POST" && !request.url.starts_with("/api/validation"));
    if (is_change) {
        ops::log(ops::Level::kInfo, "the registry was asked for a change",
                 {{"method", request.method},
                  {"path", request.url.substr(0, request.url.find('?'))},
                  {"status", std::to_string(response.status)}});
    }
    return response;
}

int run(const Options& options) {
    ops::StopSignals signals;
    const auto store = open_store(options);
    const std::string key_file = super_key_file(options);
    std::optional<Webhooks> webhooks;
    if (!options.webhooks.empty()) webhooks.emplace(read_webhooks(options.webhooks));
    Publishing publishing{.patches = options.patches ? Patches::kAllowed : Patches::kRefused};
    if (webhooks) {
        publishing.published = [&](const model::SchemaKey& key, PublicationOutcome outcome) {
            webhooks->published(key, outcome);
        };
    }
    const Api api(*store, {.super_key_hash = super_key(key_file),
                           .publishing = publishing,
                           .debug = !options.no_debug,
                           .version = version()});
    http::ServerOptions server_options{.interface = options.interface, .port = options.port};
    server_options.limits.body_bytes_max = options.body_bytes_max;
    const auto server = http::Server::start(
        server_options, [&](const http::Request& request) { return answer(api, request); });
    if (!server) throw std::runtime_error(server.error() + "; --port 0 picks a free one");
    greet(options, (*server)->port(), key_file);
    signals.wait();
    return 0;
}

}  // namespace

int registry_serve(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "A schema registry with Iglu Server's HTTP API, and a catalogue for browsers.\n"
        "What was published is on disk when the answer comes. API keys are stored as hashes; the\n"
        "super key, which may do everything, is made at the first start. Ctrl-C ends it.",
        "snowline registry serve");
    app.add_option("--interface", options.interface, "IP address to listen on")
        ->capture_default_str();
    app.add_option("--port", options.port, "0 picks a free one")->capture_default_str();
    app.add_option("--data", options.data, "directory of registry.db and of the super key")
        ->capture_default_str();
    app.add_option("--folder", options.folder,
                   "serve a folder of schemas instead, read-only and all of it public");
    app.add_option("--super-key-file", options.super_key_file,
                   "file with the super key, a UUID; made where it is not there (DATA/super-key)")
        ->type_name("FILE");
    app.add_flag("--patches-allowed", options.patches,
                 "published versions may be overwritten and deleted: for development only");
    app.add_option(
           "--webhooks", options.webhooks,
           "file with webhooks.schemaPublished, or Iglu Server's configuration that has it: "
           "who is told of publications")
        ->type_name("FILE");
    app.add_flag("--no-debug", options.no_debug,
                 "no /api/debug, which tells only that there is nothing to see");
    app.add_option("--body-max", options.body_bytes_max, "largest request body, in bytes")
        ->capture_default_str();
    return parse_and_run(app, arguments, [&] { return run(options); });
}

}  // namespace snowline::cli
