#include "iglu/resolve/settings.h"

#include "common/config/reader.h"

namespace snowline::iglu {
namespace {

void read_lookups(const config::Reader& lookups, LoaderSettings& settings) {
    lookups.read("concurrent", settings.concurrent_max, {.min = 1, .max = 256});
    lookups.read("unknownPerSecond", settings.unknown_a_second, {.min = 1});
    lookups.read("unknownPerRecord", settings.unknown_a_record, {.min = 1});
    lookups.read("timePerRecord", settings.record_time);
}

}  // namespace

void read_iglu(const config::Reader& section, IgluSettings& settings) {
    section.section("outage").read("wait", settings.outage_wait);
    read_lookups(section.section("lookups"), settings.lookups);
}

}  // namespace snowline::iglu
