#pragma once

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::enricher {

/// Key `featureFlags`.
struct FeatureFlags {
    bool accept_invalid = false;
    bool legacy_enrichment_order = false;
    bool try_base64_decoding = false;
};

/// Reads the section `featureFlags`.
void read_feature_flags(const config::Reader& section, FeatureFlags& settings);

/// Key `snowline.pii`.
struct PiiHiding {
    /// Bad rows hide what the pii enrichment replaces in good ones; the reference shows it.
    bool hide_in_bad_rows = false;
};

/// Reads the section `pii`.
void read_pii(const config::Reader& section, PiiHiding& settings);

}  // namespace snowline::enricher
