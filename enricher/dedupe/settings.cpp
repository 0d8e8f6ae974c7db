#include "enricher/dedupe/settings.h"

#include "common/config/reader.h"

namespace snowline::enricher {

void read_dedupe(const config::Reader& section, DedupeSettings& settings) {
    section.read("window", settings.window, std::chrono::minutes(1));
    section.read("topic", settings.topic);
}

}  // namespace snowline::enricher
