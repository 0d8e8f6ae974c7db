#include "enricher/run/settings.h"

#include "common/config/reader.h"

namespace snowline::enricher {

void read_transaction(const config::Reader& section, TransactionSettings& settings) {
    section.read_bytes("bytes", settings.bytes, {.min = 1});
}

}  // namespace snowline::enricher
