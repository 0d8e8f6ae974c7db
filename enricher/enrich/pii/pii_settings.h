#pragma once

#include "common/model/schema_key.h"
#include "common/result.h"
#include "enricher/enrich/enrichment_config.h"
#include "enricher/enrich/hasher.h"
#include "enricher/enrich/json_path.h"
#include "enricher/event/field.h"

#include <string>
#include <vector>

namespace snowline::enricher {

/// Which values are replaced, and how.
struct PiiSettings {
    /// A whole column.
    struct Scalar {
        Field field;
    };
    /// Texts inside a JSON column, in data of the matching schemas.
    struct Json {
        Field field;
        model::SchemaCriterion criterion;
        JsonPath path;
        std::string path_text;
    };
    /// A salt is appended to the value before hashing. A key makes it an HMAC, with the key's name
    /// prefixed to the result, so that pseudonyms of different keys can be told apart.
    struct Strategy {
        std::string hash_name;  // `SHA-256`
        HashFunction function = HashFunction::kSha256;
        std::string salt;
        std::string key_id, key;
    };

    std::vector<Scalar> scalars;
    std::vector<Json> jsons;
    std::vector<Field> json_fields;  // that `jsons` name, each once
    Strategy strategy;
    bool emit = false;            // adds an event that lists what was replaced
    bool anonymous_only = false;  // only for requests with the header SP-Anonymous

    static Result<PiiSettings, std::vector<std::string>> read(const EnrichmentConfig& config);
};

}  // namespace snowline::enricher
