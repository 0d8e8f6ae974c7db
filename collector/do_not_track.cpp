#include "collector/do_not_track.h"

#include <re2/re2.h>

namespace snowline::collector {

struct DoNotTrackPattern::Compiled {
    explicit Compiled(const std::string& pattern) : re(pattern, RE2::Quiet) {}
    RE2 re;
};

DoNotTrackPattern::DoNotTrackPattern(std::unique_ptr<Compiled> compiled)
    : compiled_(std::move(compiled)) {}
DoNotTrackPattern::~DoNotTrackPattern() = default;
DoNotTrackPattern::DoNotTrackPattern(DoNotTrackPattern&&) noexcept = default;

Result<DoNotTrackPattern> DoNotTrackPattern::compile(const std::string& pattern) {
    auto compiled = std::make_unique<Compiled>(pattern);
    if (!compiled->re.ok()) return unexpected(compiled->re.error());
    return DoNotTrackPattern(std::move(compiled));
}

bool DoNotTrackPattern::matches(std::string_view value) const {
    return RE2::FullMatch(re2::StringPiece(value.data(), value.size()), compiled_->re);
}

}  // namespace snowline::collector
