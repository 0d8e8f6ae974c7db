#include "cli/registry/webhook_file.h"

#include "common/config/load.h"
#include "common/config/reader.h"

#include <stdexcept>

namespace snowline::cli {

std::vector<iglu::server::Webhook> read_webhooks(const std::string& file) {
    using iglu::server::Webhook;
    const config::Tree tree = config::load_file(file);
    config::Report report;
    const config::Reader root(tree.root(), "", report);
    const config::Reader iglu = root.has("iglu") ? root.section("iglu") : root;
    std::vector<Webhook> hooks;
    for (const config::Reader& item : iglu.section("webhooks").sections("schemaPublished")) {
        Webhook hook;
        item.require("uri", hook.uri);
        if (item.has("uri") && !hook.uri.starts_with("http://") &&
            !hook.uri.starts_with("https://")) {
            item.refuse("uri", "an http or https URL");
        }
        item.read("vendorPrefixes", hook.vendor_prefixes);
        bool use_post = false;
        item.read("usePost", use_post);
        if (use_post) hook.method = Webhook::Method::kPost;
        hooks.push_back(std::move(hook));
    }
    // The reference's file has many other keys, so unknown ones are not reported.
    static_cast<void>(report.finish(tree.root()));
    if (hooks.empty())
        throw std::runtime_error(file + ": there is no webhooks.schemaPublished in it");
    return hooks;
}

}  // namespace snowline::cli
