#pragma once

#include "common/config/values.h"

#include <chrono>
#include <cstdint>

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

/// Key `snowline.recordLimits`: what one record of the raw topic may become, and cost. What is good
/// traffic is far below: a megabyte holds some ten thousand events of a tracker.
struct RecordLimits {
    /// Once a record has so many rows, or so many bytes of them, the rest of its events is one
    /// size_violation. Rows of all outputs count.
    std::int64_t rows = 30'000;
    std::int64_t bytes = 64'000'000;
    /// Of the worker's processor time, not of the clock on the wall: then all of the record is one
    /// generic_error.
    config::Duration work = std::chrono::seconds(10);
};

/// Reads the section `recordLimits`.
void read_record_limits(const config::Reader& section, RecordLimits& settings);

}  // namespace snowline::enricher
