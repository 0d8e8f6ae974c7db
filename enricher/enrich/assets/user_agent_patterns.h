#pragma once

#include "common/result.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::enricher {

/// What the patterns of uap-core find in a user agent.
struct UserAgentFacts {
    using Text = std::optional<std::string>;
    std::string agent_family = "Other";
    std::array<Text, 3> agent_version;  // major, minor, patch
    std::string os_family = "Other";
    std::array<Text, 4> os_version;  // major, minor, patch, patch minor
    std::string device_family = "Other";
};

/// The patterns of a `regexes.yaml` of the uap-core project, compiled, with the semantics of
/// uap-java 1.5. Of about 1,200 patterns only those are tried whose literal parts occur in the
/// text. Time is linear in the text's length. Immutable; shared by threads.
class UserAgentPatterns {
public:
    /// The error names line and reason.
    static Result<std::shared_ptr<const UserAgentPatterns>> read(const std::string& path);
    static Result<std::shared_ptr<const UserAgentPatterns>> parse(std::string_view yaml);
    ~UserAgentPatterns();

    /// For a longer text all families are `Other`.
    static constexpr std::size_t kTextBytesMax = 16 * 1024;
    UserAgentFacts find(std::string_view user_agent) const;

private:
    struct Compiled;
    explicit UserAgentPatterns(std::unique_ptr<const Compiled> compiled);
    std::unique_ptr<const Compiled> compiled_;
};

}  // namespace snowline::enricher
