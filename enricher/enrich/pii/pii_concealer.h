#pragma once

#include "common/json/arena.h"
#include "enricher/enrich/enrichment.h"
#include "enricher/enrich/pii/pii_settings.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// Hides in bad rows what would have been pseudonymised in a good one: collects the values of the
/// configured columns and paths from the request's parameters, and replaces them by their
/// pseudonyms in messages and payload. Values of less than kPartBytesMin bytes are replaced only
/// where they are a whole text. Rows with a record in base64 are not changed.
class PiiConcealer {
public:
    using Pseudonym = std::function<std::string_view(std::string_view value, json::Arena& arena)>;
    static constexpr std::size_t kPartBytesMin = 6;

    PiiConcealer(const PiiSettings& settings, json::Arena& arena, Pseudonym pseudonym)
        : settings_(settings), arena_(arena), pseudonym_(std::move(pseudonym)) {}

    /// The row with the values from `source` replaced.
    std::string conceal(std::string_view row, const BadRowOrigin& source);

private:
    struct Hidden {
        std::string_view value, pseudonym;
    };

    void collect(const BadRowOrigin& source);
    void collect(const Parameter& parameter);
    void collect_json(Field field, std::string_view text);
    void collect_entity(Field field, json::Value entity);
    void collect_body(std::string_view body);
    void hide(std::optional<std::string_view> value);
    bool is_scalar(Field field) const;

    void replace_in(json::Value& root);
    void replace_parameter(json::Value& object);
    std::string_view replaced(std::string_view text);

    const PiiSettings& settings_;
    json::Arena& arena_;
    Pseudonym pseudonym_;
    std::vector<Hidden> hidden_;
};

}  // namespace snowline::enricher
