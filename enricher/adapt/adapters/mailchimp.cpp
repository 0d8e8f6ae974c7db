#include "common/json/build.h"
#include "enricher/adapt/date_time.h"
#include "enricher/adapt/form.h"
#include "enricher/adapt/vendors.h"
#include "enricher/adapt/webhook.h"

#include <algorithm>
#include <unordered_map>

namespace snowline::enricher {
namespace {

constexpr EventType kTypes[] = {
    {"subscribe", "iglu:com.mailchimp/subscribe/jsonschema/1-0-0"},
    {"unsubscribe", "iglu:com.mailchimp/unsubscribe/jsonschema/1-0-0"},
    {"campaign", "iglu:com.mailchimp/campaign_sending_status/jsonschema/1-0-0"},
    {"cleaned", "iglu:com.mailchimp/cleaned_email/jsonschema/1-0-0"},
    {"upemail", "iglu:com.mailchimp/email_address_change/jsonschema/1-0-0"},
    {"profile", "iglu:com.mailchimp/profile_update/jsonschema/1-0-0"},
};
constexpr Webhook kMailchimp{.tracker = "com.mailchimp-v1", .types = kTypes};

// Fields of the tracker protocol, which are left out of the data.
constexpr std::string_view kNoData[] = {"nuid", "aid", "cv", "p"};

// Objects and values of an event; a body of brackets only would grow a hundredfold.
constexpr std::size_t kNodesMax = 20'000;

// `data[merges][EMAIL]` → data, merges, EMAIL. Brackets at the end leave no empty names.
std::vector<std::string_view> path_of(std::string_view name) {
    std::vector<std::string_view> out;
    std::size_t start = 0;
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (name[at] != '[' && name[at] != ']') continue;
        out.push_back(name.substr(start, at - start));
        const std::string_view next = name.substr(at + 1);
        if (name[at] == ']' && (next.starts_with('[') || next.starts_with(']'))) ++at;
        start = at + 1;
    }
    out.push_back(name.substr(start));
    while (!out.empty() && out.back().empty()) out.pop_back();
    if (out.empty()) out.push_back(name);
    return out;
}

// Nested objects, built one path at a time. At each level the members touched last come first, as
// in the reference's repeated merging.
class Tree {
public:
    bool is_full() const { return nodes_.size() > kNodesMax; }

    void set(const std::vector<std::string_view>& path, json::Value value) {
        ++steps_;
        std::size_t at = 0;
        for (const std::string_view name : path) {
            nodes_[at].value.reset();
            const auto [child, is_new] = nodes_[at].children.try_emplace(name, nodes_.size());
            at = child->second;
            if (is_new) nodes_.push_back({.name = name, .value = {}, .children = {}, .touched = 0});
            nodes_[at].touched = steps_;
        }
        nodes_[at].value = value;
        nodes_[at].children.clear();
    }

    json::Value build(json::Arena& arena) const {
        std::vector<json::Value> done(nodes_.size());
        for (std::size_t i = nodes_.size(); i-- > 0;) {  // children stand behind their parents
            done[i] = nodes_[i].value ? *nodes_[i].value : object_of(nodes_[i], done, arena);
        }
        return done.front();
    }

private:
    struct Node {
        std::string_view name;
        std::optional<json::Value> value;  // none: an object
        std::unordered_map<std::string_view, std::size_t> children;
        std::size_t touched;
    };

    json::Value object_of(const Node& node, const std::vector<json::Value>& done,
                          json::Arena& arena) const {
        std::vector<std::size_t> order;
        for (const auto& child : node.children) order.push_back(child.second);
        std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
            return nodes_[a].touched > nodes_[b].touched;
        });
        std::vector<json::Member> members;
        for (const std::size_t at : order) members.push_back({nodes_[at].name, done[at]});
        return json::object(arena, members);
    }

    std::vector<Node> nodes_{{.name = {}, .value = {}, .children = {}, .touched = 0}};
    std::size_t steps_ = 0;
};

// nullopt where it exceeds the limit.
std::optional<json::Value> data_of(const Parameters& parameters, json::Arena& arena) {
    Parameters data = parameters;
    for (const auto name : kNoData) data.erase(name);
    Tree tree;
    for (const Parameter& field : data.in_reference_order()) {
        const auto path = path_of(field.name);
        if (path.size() > kNodesMax || tree.is_full()) return std::nullopt;
        tree.set(path, json_string(field.value));
    }
    return tree.build(arena);
}

}  // namespace

Adapted adapt_mailchimp(const AdapterInput& input) {
    if (auto refused = refuse(input, kNeedsForm)) return failed(std::move(*refused));
    const auto pairs = parse_form(*input.payload.body, input.arena);
    if (!pairs) return failed(bad_body(input, pairs.error()));
    const Parameters form(*pairs);
    const auto type = form.value("type");
    if (!type) {
        return failed(bad_body(input, "no `type` parameter provided: cannot determine event type"));
    }
    const auto schema = schema_of(input, kMailchimp.types, *type);
    if (!schema) return failed(schema.error());
    Parameters all = input.querystring;
    for (const Parameter& field : form) all.set(field.name, field.value);
    if (const auto fired_at = form.value("fired_at")) {
        all.set("fired_at", plain_to_date_time(*fired_at, input.arena));
    }
    const auto data = data_of(all, input.arena);
    if (!data) return failed(bad_body(input, "too many fields"));
    return single(
        raw_event(input, webhook_parameters(all, kMailchimp, *schema, *data, input.arena)));
}

}  // namespace snowline::enricher
