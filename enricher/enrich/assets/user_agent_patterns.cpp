#include "enricher/enrich/assets/user_agent_patterns.h"

#include "common/text/ascii.h"
#include "enricher/enrich/assets/literal_finder.h"
#include "enricher/enrich/assets/pattern_list.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <re2/filtered_re2.h>
#include <re2/re2.h>

namespace snowline::enricher {
namespace {

/// Shorter literals occur in too many texts to be selective.
constexpr int kLiteralBytesMin = 3;
constexpr std::int64_t kPatternBytesMax = 8 << 20;  // program and cache of states, each
constexpr int kGroupsMax = 9;                       // that a replacement can name

using Text = std::optional<std::string>;

/// A pattern's results: templates for the family and each part of the version, which may refer to
/// groups.
struct Replacements {
    std::array<Text, 5> of;
};

/// The groups of a match; null for a group that did not take part.
class Groups {
public:
    bool match(const re2::RE2& pattern, std::string_view text) {
        count_ = std::min(pattern.NumberOfCapturingGroups(), kGroupsMax);
        return pattern.Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED,
                             groups_.data(), count_ + 1);
    }
    Text operator[](int group) const {
        if (group > count_ || groups_[group].data() == nullptr) return std::nullopt;
        return std::string(groups_[group]);
    }

private:
    std::array<re2::StringPiece, kGroupsMax + 1> groups_;
    int count_ = 0;
};

Text not_blank(Text text) {
    const bool blank = !text || text->find_first_not_of(" \t\r\n\f\v") == std::string::npos;
    return blank ? std::nullopt : std::move(text);
}

/// Replaces `$1` … `$9` by the groups; empty for those that did not take part.
std::string filled_in(std::string_view replacement, const Groups& groups) {
    std::string out;
    for (std::size_t i = 0; i < replacement.size(); ++i) {
        const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
        if (replacement[i] == '$' && next >= '1' && next <= '9') {
            out += groups[next - '0'].value_or("");
            ++i;
        } else {
            out += replacement[i];
        }
    }
    return out;
}

/// A replacement of just `$n` gives that group, null included.
Text group_or_text(const Text& replacement, int otherwise, const Groups& groups) {
    if (!replacement) return groups[otherwise];
    if (replacement->size() == 2 && replacement->front() == '$') {
        return groups[replacement->back() - '0'];
    }
    return replacement;
}

Text family(const Replacements& replacements, const Groups& groups) {
    const Text& replacement = replacements.of[0];
    return replacement ? Text(filled_in(*replacement, groups)) : groups[1];
}

/// One of the three lists of patterns; in order, only those whose literals occur are tried.
class Section {
public:
    Result<void> add(const PatternEntry& entry, const std::vector<std::string_view>& names) {
        const auto pattern = entry.setting("regex");
        if (!pattern) return unexpected(fmt::format("line {}: no regex", entry.line));
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(kPatternBytesMax);
        options.set_case_sensitive(entry.setting("regex_flag").value_or("") != "i");
        int id = 0;
        if (patterns_.Add({pattern->data(), pattern->size()}, options, &id) != re2::RE2::NoError) {
            return unexpected(fmt::format("line {}: the pattern is wrong, or not supported: {}",
                                          entry.line, *pattern));
        }
        Replacements replacements;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (const auto text = entry.setting(names[i])) replacements.of[i] = *text;
        }
        replacements_.push_back(std::move(replacements));
        return {};
    }

    bool empty() const { return replacements_.empty(); }

    /// To be called once all patterns are added.
    void compile() {
        std::vector<std::string> literals;
        patterns_.Compile(&literals);
        finder_.emplace(literals);
    }

    /// Returns the first result of `take` among the matching patterns.
    template <class Take>
    void find(std::string_view text, Take take) const {
        std::vector<int> candidates;
        patterns_.AllPotentials(finder_->find(text), &candidates);
        Groups groups;
        for (const int id : candidates) {
            const auto& replacements = replacements_[static_cast<std::size_t>(id)];
            if (groups.match(patterns_.GetRE2(id), text) && take(replacements, groups)) return;
        }
    }

private:
    re2::FilteredRE2 patterns_{kLiteralBytesMin};
    std::vector<Replacements> replacements_;
    std::optional<LiteralFinder> finder_;
};

}  // namespace

struct UserAgentPatterns::Compiled {
    Section agents, systems, devices;
};

UserAgentPatterns::UserAgentPatterns(std::unique_ptr<const Compiled> compiled)
    : compiled_(std::move(compiled)) {}
UserAgentPatterns::~UserAgentPatterns() = default;

Result<std::shared_ptr<const UserAgentPatterns>> UserAgentPatterns::read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string yaml{std::istreambuf_iterator<char>(in), {}};
    if (!in) return unexpected("cannot read " + path);
    return parse(yaml);
}

Result<std::shared_ptr<const UserAgentPatterns>> UserAgentPatterns::parse(std::string_view yaml) {
    const auto lists = parse_pattern_lists(yaml);
    if (!lists) return unexpected(lists.error());
    auto compiled = std::make_unique<Compiled>();
    struct Part {
        std::string_view list;
        Section& section;
        std::vector<std::string_view> replacements;
    };
    const std::array<Part, 3> parts{{
        {"user_agent_parsers",
         compiled->agents,
         {"family_replacement", "v1_replacement", "v2_replacement", "v3_replacement"}},
        {"os_parsers",
         compiled->systems,
         {"os_replacement", "os_v1_replacement", "os_v2_replacement", "os_v3_replacement",
          "os_v4_replacement"}},
        {"device_parsers", compiled->devices, {"device_replacement"}},
    }};
    for (const Part& part : parts) {
        for (const PatternList& list : *lists) {
            if (list.name != part.list) continue;
            for (const PatternEntry& entry : list.entries) {
                if (auto added = part.section.add(entry, part.replacements); !added) {
                    return unexpected(added.error());
                }
            }
        }
        if (part.section.empty()) return unexpected(fmt::format("no {} in it", part.list));
        part.section.compile();
    }
    return std::shared_ptr<const UserAgentPatterns>(new UserAgentPatterns(std::move(compiled)));
}

UserAgentFacts UserAgentPatterns::find(std::string_view user_agent) const {
    UserAgentFacts facts;
    if (user_agent.size() > kTextBytesMax) return facts;
    compiled_->agents.find(user_agent, [&](const Replacements& made, const Groups& groups) {
        const Text name = family(made, groups);
        if (!name) return false;
        facts.agent_family = *name;
        for (int i = 0; i < 3; ++i) {
            const Text& replacement = made.of[i + 1];
            facts.agent_version[i] = replacement ? replacement : not_blank(groups[i + 2]);
        }
        return true;
    });
    compiled_->systems.find(user_agent, [&](const Replacements& made, const Groups& groups) {
        const Text name = family(made, groups);
        if (!name) return false;
        facts.os_family = *name;
        for (int i = 0; i < 4; ++i) {
            facts.os_version[i] = group_or_text(made.of[i + 1], i + 2, groups);
        }
        return true;
    });
    compiled_->devices.find(user_agent, [&](const Replacements& made, const Groups& groups) {
        const Text name = family(made, groups);
        if (!name) return false;
        facts.device_family = std::string(text::trim(*name, " "));
        return true;
    });
    return facts;
}

}  // namespace snowline::enricher
