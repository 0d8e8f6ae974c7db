#include "enricher/pipeline/settings.h"

#include "common/config/reader.h"

namespace snowline::enricher {

using config::Reader;

void read_feature_flags(const Reader& flags, FeatureFlags& settings) {
    flags.read("acceptInvalid", settings.accept_invalid);
    flags.read("legacyEnrichmentOrder", settings.legacy_enrichment_order);
    flags.read("tryBase64Decoding", settings.try_base64_decoding);
    if (settings.legacy_enrichment_order) flags.without_effect("legacyEnrichmentOrder");
}

void read_pii(const Reader& section, PiiHiding& settings) {
    section.read("hideInBadRows", settings.hide_in_bad_rows);
}

void read_record_limits(const Reader& section, RecordLimits& settings) {
    section.read("rows", settings.rows, {.min = 1});
    section.read_bytes("bytes", settings.bytes, {.min = 1});
    section.read("work", settings.work, std::chrono::milliseconds(100));
}

}  // namespace snowline::enricher
