#include "enricher/event/settings.h"

#include "common/config/reader.h"

namespace snowline::enricher {

void read_life_cycles(const config::Reader& section, LifeCycleSettings& settings) {
    section.read("folder", settings.folder);
    section.read("afterSunset", settings.after_sunset,
                 {{"mark", AfterSunset::kMark}, {"quarantine", AfterSunset::kQuarantine}});
}

}  // namespace snowline::enricher
