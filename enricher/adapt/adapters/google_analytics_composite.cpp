#include "common/json/build.h"
#include "common/json/rewrite.h"
#include "common/text/ascii.h"
#include "enricher/adapt/adapters/google_analytics.h"

#include <algorithm>
#include <map>
#include <string>

namespace snowline::enricher::google_analytics {
namespace {

constexpr std::string_view kPrefixes[] = {"pr", "promo", "il", "cd", "cm", "cg"};
constexpr std::string_view kNameRegex =
    R"((pr|promo|il|cd|cm|cg)(\d+)([a-zA-Z]*)(\d*)([a-zA-Z]*)(\d*)$)";
constexpr std::size_t kPartsMax = 3;  // of words, and of numbers

std::string_view take_while(std::string_view& rest, bool (*is_part)(char)) {
    const auto* const end = std::find_if_not(rest.begin(), rest.end(), is_part);
    const auto size = static_cast<std::size_t>(end - rest.begin());
    const std::string_view part = rest.substr(0, size);
    rest.remove_prefix(size);
    return part;
}

// `il1pi2nm`: words il, pi, nm and the numbers between them.
struct Name {
    std::vector<std::string_view> words, numbers;

    // The parameter's name in the tables: all words joined.
    std::string meaning() const { return join(0, words.size()); }
    // The name of the index at this place: its word, and those up to the last number's.
    std::string counted(std::size_t place) const { return join(place, numbers.size()); }

private:
    std::string join(std::size_t first, std::size_t last) const {
        std::string out;
        for (std::size_t i = first; i < last; ++i) out += words[i];
        return out;
    }
};

std::optional<Name> take_apart(std::string_view name) {
    Name out;
    std::string_view rest = name;
    while (!rest.empty() && out.numbers.size() < kPartsMax) {
        const std::string_view word = take_while(rest, text::is_alpha);
        const std::string_view number = take_while(rest, text::is_digit);
        if (word.empty() && number.empty()) return std::nullopt;
        if (!word.empty()) out.words.push_back(word);
        if (!number.empty()) out.numbers.push_back(number);
    }
    if (!rest.empty() || out.words.empty() || out.numbers.empty()) return std::nullopt;
    const bool is_known = std::find(std::begin(kPrefixes), std::end(kPrefixes),
                                    out.words.front()) != std::end(kPrefixes);
    if (!is_known || !text::is_alpha(name.front())) return std::nullopt;
    return out;
}

const Field* field_of(std::span<const Field> fields, std::string_view parameter) {
    for (const Field& field : fields) {
        if (field.parameter == parameter) return &field;
    }
    return nullptr;
}

// The contexts of one table, by their indices.
class Collection {
public:
    explicit Collection(const CompositeTable& table) : table_(&table) {}

    const Table* table() const { return &table_->table; }

    std::optional<AdapterFailure> add(const Name& name, const Field& field, std::string_view text,
                                      json::Arena& arena) {
        const auto [found, is_new] = places_.try_emplace(name.numbers, rows_.size());
        if (is_new) {
            rows_.emplace_back();
            for (std::size_t i = 0; i < name.numbers.size(); ++i) {
                const Field* index = field_of(table_->indices, name.counted(i));
                if (index == nullptr) return std::nullopt;
                const auto number = value_of(*index, name.numbers[i], arena);
                if (!number) return number.error();
                rows_.back().push_back({index->name, *number});
            }
        }
        const auto value = value_of(field, text, arena);
        if (!value) return value.error();
        rows_[found->second].push_back({field.name, *value});
        return std::nullopt;
    }

    void append_to(Contexts& out, std::optional<std::string_view> currency, json::Arena& arena) {
        for (auto& row : rows_) {
            if (currency && table_->has_currency) {
                row.insert(row.begin(), {"currencyCode", json::Value::string(*currency)});
            }
            const auto members = json::in_scala_map_order(std::move(row));
            out.push_back({table(), json::object(arena, members)});
        }
    }

private:
    const CompositeTable* table_;
    std::map<std::vector<std::string_view>, std::size_t> places_;
    std::vector<std::vector<json::Member>> rows_;
};

bool fits(const CompositeTable& table, const Name& name) {
    if (table.indices.size() != name.numbers.size()) return false;
    for (std::size_t i = 0; i < name.numbers.size(); ++i) {
        if (field_of(table.indices, name.counted(i)) == nullptr) return false;
    }
    return true;
}

std::vector<Parameter> with_numbers(const Parameters& hit) {
    std::vector<Parameter> out;
    for (const Parameter& parameter : hit) {
        const auto& name = parameter.name;
        if (parameter.value && std::any_of(name.begin(), name.end(), text::is_digit)) {
            out.push_back(parameter);
        }
    }
    std::sort(out.begin(), out.end(),
              [](const Parameter& a, const Parameter& b) { return a.name < b.name; });
    return out;
}

// Whether the reference would begin a context for this name, even if it drops it later: such tables
// affect the order, too.
bool is_touched(const CompositeTable& table, const Name& name, std::string_view meaning) {
    if (field_of(table.table.fields, meaning) != nullptr) return true;
    for (std::size_t i = 0; i < name.numbers.size(); ++i) {
        if (field_of(table.indices, name.counted(i)) != nullptr) return true;
    }
    return false;
}

Collection& collection_of(std::vector<Collection>& all, const CompositeTable& table) {
    for (Collection& one : all) {
        if (one.table() == &table.table) return one;
    }
    all.emplace_back(table);
    return all.back();
}

}  // namespace

Result<Contexts, AdapterFailure> composite_contexts(const Parameters& hit, json::Arena& arena) {
    std::vector<Collection> collections;
    for (const Parameter& parameter : with_numbers(hit)) {
        const auto name = take_apart(parameter.name);
        if (!name) {
            return unexpected(AdapterFailure(InputData{
                std::string(parameter.name), std::nullopt,
                "composite field name has to conform to regex " + std::string(kNameRegex)}));
        }
        const std::string meaning = name->meaning();
        for (const CompositeTable& table : kComposites) {
            if (!is_touched(table, *name, meaning)) continue;
            Collection& collection = collection_of(collections, table);
            const Field* field = field_of(table.table.fields, meaning);
            if (field == nullptr || !fits(table, *name)) continue;
            auto failure = collection.add(*name, *field, *parameter.value, arena);
            if (failure) return unexpected(std::move(*failure));
        }
    }
    std::vector<const Table*> tables;
    for (const Collection& collection : collections) tables.push_back(collection.table());
    Contexts out;
    for (const std::uint32_t at : reference_order(tables)) {
        collections[at].append_to(out, hit.value("cu"), arena);
    }
    return out;
}

}  // namespace snowline::enricher::google_analytics
