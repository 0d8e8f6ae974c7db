#pragma once

#include "common/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace snowline::collector {

/// The pattern (java.util.regex, for the whole value) of the cookie by which visitors say that they
/// are not to be tracked.
class DoNotTrackPattern {
public:
    static Result<DoNotTrackPattern> compile(const std::string& pattern);
    ~DoNotTrackPattern();
    DoNotTrackPattern(DoNotTrackPattern&&) noexcept;

    /// In time that is linear in the value's length.
    bool matches(std::string_view value) const;

private:
    struct Compiled;
    explicit DoNotTrackPattern(std::unique_ptr<Compiled> compiled);
    std::unique_ptr<Compiled> compiled_;
};

}  // namespace snowline::collector
