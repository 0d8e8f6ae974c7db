#pragma once

#include <cstdint>
#include <string>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::enricher {

/// What becomes of data whose schema is past its sunset date.
enum class AfterSunset : std::uint8_t {
    kMark,        // the event is good, with a context that says so
    kQuarantine,  // the event is a bad row
};

/// Key `snowline.lifeCycles`: owners' side files beside schemas; see docs/schemas.md.
struct LifeCycleSettings {
    std::string folder;  // of schemas; empty: nothing is deprecated or sunset
    AfterSunset after_sunset = AfterSunset::kMark;
};

/// Reads the section `lifeCycles`.
void read_life_cycles(const config::Reader& section, LifeCycleSettings& settings);

}  // namespace snowline::enricher
