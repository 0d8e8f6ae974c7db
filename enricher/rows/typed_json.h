#pragma once

#include "common/json/value.h"
#include "common/result.h"

#include <string>
#include <string_view>

namespace snowline::enricher {

/// An enriched event as one flat JSON object, by the rules of the Snowplow analytics SDKs: empty
/// columns are left out; numbers, booleans and timestamps (ISO 8601) keep their types; latitude and
/// longitude are also given as `geo_location`; contexts become `contexts_<vendor>_<name>_<model>`
/// arrays and the event's own data `unstruct_event_<vendor>_<name>_<model>`.
/// Fails where `tsv` does not have 131 columns, or a JSON column is no self-describing JSON.
Result<std::string> typed_json(std::string_view tsv);

/// `contexts_com_acme_user_profile_1` for prefix `contexts` and iglu:com.acme/userProfile/…/1-0-2;
/// also the name of the warehouse's column. Fails where `schema_uri` is no Iglu URI.
Result<std::string> shredded_name(std::string_view prefix, std::string_view schema_uri);

}  // namespace snowline::enricher
