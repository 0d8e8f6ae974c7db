#include "enricher/enrich/pii/pii_concealer.h"

#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/text/base64.h"
#include "common/text/utf8.h"
#include "enricher/event/tracker_fields.h"

#include <algorithm>
#include <array>

namespace snowline::enricher {
namespace {

constexpr std::size_t kHiddenMax = 10'000;  // values of one row

/// Members that never hold personal values, and must stay readable.
constexpr std::array<std::string_view, 3> kKept{"timestamp", "schemaKey", "schemaCriterion"};

std::string_view as_it_is(std::string_view number, json::Arena&) {
    return number;
}

}  // namespace

std::string PiiConcealer::conceal(std::string_view row, const BadRowOrigin& source) {
    hidden_.clear();
    collect(source);
    if (hidden_.empty()) return std::string(row);
    // Longer values first, as one value may contain another.
    std::stable_sort(hidden_.begin(), hidden_.end(), [](const Hidden& a, const Hidden& b) {
        return a.value.size() > b.value.size();
    });
    const auto parsed = json::parse(row, arena_);
    if (!parsed) return std::string(row);
    json::Value whole = mutable_copy(*parsed, arena_, as_it_is);
    static const auto kPayload = JsonPath::parse("$.data.payload");
    static const auto kMessages = JsonPath::parse("$.data.failure.messages");
    for (const auto* path : {&*kPayload, &*kMessages}) {
        for (const JsonPlace& place : path->find(whole)) replace_in(*place.value);
    }
    return json::print(whole);
}

bool PiiConcealer::is_scalar(Field field) const {
    return std::any_of(settings_.scalars.begin(), settings_.scalars.end(),
                       [&](const auto& scalar) { return scalar.field == field; });
}

void PiiConcealer::hide(std::optional<std::string_view> value) {
    if (!value || value->empty() || hidden_.size() >= kHiddenMax) return;
    hidden_.push_back({.value = *value, .pseudonym = pseudonym_(*value, arena_)});
}

void PiiConcealer::collect(const BadRowOrigin& source) {
    for (const Parameter& parameter : source.parameters) collect(parameter);
    if (is_scalar(Field::kUserIpaddress)) hide(source.sender.ip_address);
    if (is_scalar(Field::kNetworkUserid)) hide(source.sender.network_user_id);
    if (source.body) collect_body(*source.body);
    if (source.event == nullptr) return;
    for (const auto& scalar : settings_.scalars) hide(source.event->get(scalar.field));
    for (const Field field : settings_.json_fields) {
        if (const auto text = source.event->get(field)) collect_json(field, *text);
    }
}

void PiiConcealer::collect(const Parameter& parameter) {
    const TrackerField* known = tracker_field(parameter.name);
    if (known == nullptr || !parameter.value) return;
    if (is_scalar(known->field)) hide(parameter.value);
    if (known->conversion == Conversion::kJson) collect_json(known->field, *parameter.value);
    if (known->conversion == Conversion::kBase64Json) {
        collect_json(
            known->field,
            arena_.copy(text::to_valid_utf8(text::decode_base64_lenient(*parameter.value))));
    }
}

// An envelope of one self-describing JSON, or of a list of them.
void PiiConcealer::collect_json(Field field, std::string_view text) {
    const auto& fields = settings_.json_fields;
    if (std::find(fields.begin(), fields.end(), field) == fields.end()) return;
    const auto parsed = json::parse(text, arena_);
    const json::Value* inner = parsed ? parsed->find("data") : nullptr;
    if (inner == nullptr) return;
    if (!inner->is_array()) return collect_entity(field, *inner);
    for (const json::Value item : inner->items()) collect_entity(field, item);
}

void PiiConcealer::collect_entity(Field field, json::Value entity) {
    const json::Value* uri = entity.find("schema");
    const json::Value* data = entity.find("data");
    if (uri == nullptr || !uri->is_string() || data == nullptr) return;
    const auto schema = model::SchemaKey::parse(uri->text());
    if (!schema) return;
    for (const PiiSettings::Json& json : settings_.jsons) {
        if (json.field != field || !json.criterion.matches(*schema)) continue;
        json::Value copy = mutable_copy(*data, arena_, as_it_is);
        for (const JsonPlace& place : json.path.find(copy)) {
            if (place.value->is_string() && place.is_member) hide(place.value->text());
            if (!place.value->is_array()) continue;
            for (const json::Value item : place.value->items()) {
                if (item.is_string()) hide(item.text());
            }
        }
    }
}

// The body of a tracker: a list of events, each an object of parameters.
void PiiConcealer::collect_body(std::string_view body) {
    const auto parsed = json::parse(body, arena_);
    const json::Value* events = parsed ? parsed->find("data") : nullptr;
    if (events == nullptr || !events->is_array()) return;
    for (const json::Value event : events->items()) {
        if (!event.is_object()) continue;
        for (const json::Member& member : event.members()) {
            if (member.value.is_string()) collect({member.name, member.value.text()});
        }
    }
}

void PiiConcealer::replace_in(json::Value& root) {
    std::vector<json::Value*> left{&root};
    while (!left.empty()) {
        json::Value& at = *left.back();
        left.pop_back();
        if (at.is_string()) at = json::Value::string(replaced(at.text()));
        if (at.is_array()) {
            for (json::Value& item : mutable_items(at)) left.push_back(&item);
        }
        if (!at.is_object()) continue;
        replace_parameter(at);
        for (json::Member& member : mutable_members(at)) {
            if (std::find(kKept.begin(), kKept.end(), member.name) == kKept.end() &&
                !member.name.ends_with("_tstamp")) {
                left.push_back(&member.value);
            }
        }
    }
}

// `{"name":"cx","value":<base64>}`
void PiiConcealer::replace_parameter(json::Value& object) {
    const json::Value* name = object.find("name");
    if (name == nullptr || !name->is_string()) return;
    const TrackerField* known = tracker_field(name->text());
    if (known == nullptr || known->conversion != Conversion::kBase64Json) return;
    for (json::Member& member : mutable_members(object)) {
        if (member.name != "value" || !member.value.is_string()) continue;
        const std::string decoded = text::decode_base64_lenient(member.value.text());
        const std::string_view after = replaced(decoded);
        if (after != decoded) {
            member.value = json::Value::string(arena_.copy(text::encode_base64url(after)));
        }
    }
}

std::string_view PiiConcealer::replaced(std::string_view text) {
    std::string out;
    bool changed = false;
    for (const Hidden& hidden : hidden_) {
        const std::string_view now = changed ? std::string_view(out) : text;
        if (now == hidden.value) return hidden.pseudonym;
        if (hidden.value.size() < kPartBytesMin) continue;
        std::size_t at = now.find(hidden.value);
        if (at == std::string_view::npos) continue;
        std::string next;
        std::size_t from = 0;
        for (; at != std::string_view::npos; at = now.find(hidden.value, from)) {
            next += now.substr(from, at - from);
            next += hidden.pseudonym;
            from = at + hidden.value.size();
        }
        next += now.substr(from);
        out = std::move(next);
        changed = true;
    }
    return changed ? arena_.copy(std::string_view(out)) : text;
}

}  // namespace snowline::enricher
