#pragma once

#include "iglu/authoring/diff/diff.h"

#include <string>

namespace snowline::cli {

/// A report on the comparison of two versions, for people: the needed and the declared bump, and
/// each change with its counter-example. `widening`: whether changes without a needed bump are
/// listed.
enum class Widening { kShown, kHidden };
std::string diff_report(const iglu::diff::Difference& difference, Widening widening);

/// The same as one line of JSON:
/// `{"bump":"REVISION","changes":[{"bump","pointer","reason","counterExample":…}]}`
std::string diff_json(const iglu::diff::Difference& difference);

}  // namespace snowline::cli
