#pragma once

#include <cstdint>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::enricher {

/// Key `snowline.transaction`.
struct TransactionSettings {
    /// Rows of one commit, about: a batch whose rows are more is committed in parts. What one
    /// record becomes is never parted. To be written well within `transaction.timeout.ms`.
    std::int64_t bytes = 64'000'000;
};

/// Reads the section `transaction`.
void read_transaction(const config::Reader& section, TransactionSettings& settings);

}  // namespace snowline::enricher
