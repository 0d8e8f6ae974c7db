#include "iglu/validate/references.h"

#include "common/text/percent.h"
#include "iglu/validate/metaschema.h"

#include <charconv>
#include <vector>

namespace snowline::iglu::validate {
namespace {

struct Uri {
    std::string_view scheme, authority, path, query, fragment;
    bool has_scheme = false, has_authority = false, has_query = false, has_fragment = false;
};

// RFC 3986, appendix B, by hand.
Uri split_uri(std::string_view text) {
    Uri uri;
    if (const auto hash = text.find('#'); hash != std::string_view::npos) {
        uri.has_fragment = true;
        uri.fragment = text.substr(hash + 1);
        text = text.substr(0, hash);
    }
    if (const auto mark = text.find('?'); mark != std::string_view::npos) {
        uri.has_query = true;
        uri.query = text.substr(mark + 1);
        text = text.substr(0, mark);
    }
    const auto colon = text.find_first_of(":/");
    if (colon != std::string_view::npos && colon > 0 && text[colon] == ':') {
        uri.has_scheme = true;
        uri.scheme = text.substr(0, colon);
        text = text.substr(colon + 1);
    }
    if (text.starts_with("//")) {
        uri.has_authority = true;
        const auto slash = text.find('/', 2);
        uri.authority = text.substr(2, slash == std::string_view::npos ? slash : slash - 2);
        text = slash == std::string_view::npos ? std::string_view{} : text.substr(slash);
    }
    uri.path = text;
    return uri;
}

std::string remove_dot_segments(std::string_view path) {
    std::vector<std::string_view> kept;
    const bool absolute = path.starts_with('/');
    bool ends_in_directory = false;
    for (std::size_t at = absolute ? 1 : 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view segment = path.substr(at, end - at);
        ends_in_directory = segment == "." || segment == "..";
        if (segment == "..") {
            if (!kept.empty()) kept.pop_back();
        } else if (segment != ".") {
            kept.push_back(segment);
        }
        at = end + 1;
    }
    std::string out = absolute ? "/" : "";
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (i != 0) out += '/';
        out += kept[i];
    }
    if (ends_in_directory && !out.ends_with('/')) out += '/';
    return out;
}

std::string join(std::string_view scheme_and_authority, std::string_view path, const Uri& rest) {
    std::string out(scheme_and_authority);
    out += path;
    if (rest.has_query) out.append("?").append(rest.query);
    if (rest.has_fragment) out.append("#").append(rest.fragment);
    return out;
}

// RFC 3986, 5.2.2.
std::string resolve_uri(const std::string& base_text, std::string_view reference_text) {
    const Uri reference = split_uri(reference_text);
    if (reference.has_scheme) return std::string(reference_text);
    const Uri base = split_uri(base_text);
    std::string prefix;
    if (base.has_scheme) prefix.append(base.scheme).append(":");
    if (reference.has_authority) {
        prefix.append("//").append(reference.authority);
        return join(prefix, reference.path, reference);
    }
    if (base.has_authority) prefix.append("//").append(base.authority);
    if (reference.path.empty()) {
        Uri rest = reference;
        if (!reference.has_query) {
            rest.has_query = base.has_query;
            rest.query = base.query;
        }
        return join(prefix, base.path, rest);
    }
    if (reference.path.starts_with('/')) {
        return join(prefix, remove_dot_segments(reference.path), reference);
    }
    std::string merged;
    if (base.has_authority && base.path.empty()) {
        merged = "/";
    } else if (const auto slash = base.path.rfind('/'); slash != std::string_view::npos) {
        merged = base.path.substr(0, slash + 1);
    }
    return join(prefix, remove_dot_segments(merged.append(reference.path)), reference);
}

std::string_view without_fragment(std::string_view uri) {
    return uri.substr(0, uri.find('#'));
}

// RFC 6901: ~1 is `/`, ~0 is `~`.
std::string pointer_token(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '~' && i + 1 < text.size() && (text[i + 1] == '0' || text[i + 1] == '1')) {
            out += text[++i] == '0' ? '~' : '/';
        } else {
            out += text[i];
        }
    }
    return out;
}

const json::Value* child(json::Value parent, const std::string& token) {
    if (parent.is_object()) return parent.find(token);
    if (!parent.is_array() || token.empty()) return nullptr;
    std::size_t index = 0;
    const auto end = token.data() + token.size();
    const auto read = std::from_chars(token.data(), end, index);
    if (read.ec != std::errc{} || read.ptr != end || index >= parent.items().size()) return nullptr;
    return &parent.items()[index];
}

enum class Holds { kSchema, kSchemaOrList, kList, kMap };
struct SubschemaKeyword {
    std::string_view name;
    Holds holds;
};
constexpr SubschemaKeyword kSubschemaKeywords[] = {
    {"additionalItems", Holds::kSchema},
    {"additionalProperties", Holds::kSchema},
    {"not", Holds::kSchema},
    {"items", Holds::kSchemaOrList},
    {"allOf", Holds::kList},
    {"anyOf", Holds::kList},
    {"oneOf", Holds::kList},
    {"definitions", Holds::kMap},
    {"dependencies", Holds::kMap},
    {"properties", Holds::kMap},
    {"patternProperties", Holds::kMap},
};

void push_subschemas(const Location& parent, std::vector<Location>& open) {
    for (const auto& keyword : kSubschemaKeywords) {
        const json::Value* value = parent.schema.find(keyword.name);
        if (value == nullptr) continue;
        if (value->is_array() &&
            (keyword.holds == Holds::kList || keyword.holds == Holds::kSchemaOrList)) {
            for (const json::Value item : value->items()) open.push_back({item, parent.base});
        } else if (value->is_object() && keyword.holds == Holds::kMap) {
            for (const json::Member& member : value->members()) {
                open.push_back({member.value, parent.base});
            }
        } else if (value->is_object() && keyword.holds != Holds::kList) {
            open.push_back({*value, parent.base});
        }
    }
}

const json::Value* id_of(json::Value schema) {
    // Siblings of `$ref` are ignored in draft-04.
    const json::Value* reference = schema.find("$ref");
    if (reference != nullptr && reference->is_string()) return nullptr;
    const json::Value* id = schema.find("id");
    return id != nullptr && id->is_string() ? id : nullptr;
}

}  // namespace

References::References(json::Value root) : root_(root), root_base_(base_of(root, "")) {
    index_ids({root_, ""});
}

std::string References::base_of(json::Value schema, const std::string& base) {
    const json::Value* id = id_of(schema);
    if (id == nullptr || id->text().starts_with('#')) return base;
    return std::string(without_fragment(resolve_uri(base, id->text())));
}

void References::index_ids(Location root) {
    std::vector<Location> open;
    open.push_back(std::move(root));
    while (!open.empty()) {
        Location here = std::move(open.back());
        open.pop_back();
        if (!here.schema.is_object()) continue;
        if (const json::Value* id = id_of(here.schema)) {
            std::string uri = resolve_uri(here.base, id->text());
            if (uri.ends_with('#')) uri.pop_back();
            here.base = base_of(here.schema, here.base);
            by_id_.emplace(std::move(uri), here);
        }
        push_subschemas(here, open);
    }
}

Target References::resolve_pointer(Location document, std::string_view pointer) const {
    Location here = std::move(document);
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const std::size_t end = std::min(pointer.find('/'), pointer.size());
        const json::Value* next = child(here.schema, pointer_token(pointer.substr(0, end)));
        if (next == nullptr) return Unresolved{"leads nowhere"};
        here.schema = *next;
        here.base = base_of(here.schema, here.base);
        pointer.remove_prefix(end);
    }
    return here;
}

Target References::resolve(std::string_view reference, const std::string& base) const {
    const std::string absolute = resolve_uri(base, reference);
    const std::string document(without_fragment(absolute));
    const std::string fragment =
        document.size() == absolute.size()
            ? ""
            : text::decode_percent_lenient(absolute.substr(document.size() + 1));

    Location found;
    if (document == root_base_) {
        found = {root_, root_base_};
    } else if (const auto at = by_id_.find(document); at != by_id_.end()) {
        found = at->second;
    } else if (document == kMetaschemaUri) {
        found = {metaschema(), document};
    } else if (document.starts_with("http://") || document.starts_with("https://")) {
        return Remote{};
    } else {
        return Unresolved{"is not in this schema, and nothing outside of it is read"};
    }
    if (fragment.empty() || fragment[0] == '/') return resolve_pointer(std::move(found), fragment);
    const auto named = by_id_.find(document + "#" + fragment);
    if (named == by_id_.end()) return Unresolved{"leads nowhere"};
    return named->second;
}

}  // namespace snowline::iglu::validate
