#include "iglu/resolve/settings.h"

#include "common/config/reader.h"

namespace snowline::iglu {

void read_outage(const config::Reader& section, OutageSettings& settings) {
    section.section("outage").read("wait", settings.outage_wait);
}

}  // namespace snowline::iglu
