#pragma once

#include "iglu/authoring/diff/diff.h"

#include <string>

namespace snowline::cli {

/// A comparison of two versions, for people: what is needed, what is declared, each change with its
/// counter-example. `widening` says whether changes that ask for nothing are listed, too.
enum class Widening { kShown, kHidden };
std::string diff_report(const iglu::diff::Difference& difference, Widening widening);

/// The same as one line of JSON:
/// `{"bump":"REVISION","changes":[{"bump","pointer","reason","counterExample":…}]}`
std::string diff_json(const iglu::diff::Difference& difference);

}  // namespace snowline::cli
