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

/// Which values are to be replaced, and by what.
struct PiiSettings {
    /// A whole column.
    struct Scalar {
        Field field;
    };
    /// Texts inside a column of JSONs, in those whose schema is meant.
    struct Json {
        Field field;
        model::SchemaCriterion criterion;
        JsonPath path;
        std::string path_text;
    };
    /// The salt is appended to a value; or a key makes it HMAC, and the key's name stands before
    /// the value, so that values of an old key can be told from those of a new one.
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
    bool emit = false;            // an event that tells what was replaced
    bool anonymous_only = false;  // only where the request has the header SP-Anonymous

    static Result<PiiSettings, std::vector<std::string>> read(const EnrichmentConfig& config);
};

}  // namespace snowline::enricher
