#include "common/regex/java_regex_write.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::text::java_regex {
namespace {

using Kind = Node::Kind;

enum class Engine { kRe2, kPcre2 };

// The largest counts of the engines; larger repetitions are composed of several.
constexpr std::uint32_t kRe2CountMax = 1000;
constexpr std::uint32_t kPcre2CountMax = 65535;
constexpr std::uint32_t kCountPartsMax = 64;

constexpr const char* kTerminator = R"(\r\n|[\n\r\x{85}\x{2028}\x{2029}])";
// No boundary before a character that extends the one before it. (Flags and Hangul syllables are
// not handled.)
constexpr const char* kGraphemeBoundary =
    R"((?!\p{M}|[\x{200C}\x{200D}\x{1F3FB}-\x{1F3FF}])(?<!\x{200D})(?!(?<=\r)\n))";
constexpr const char* kWord = R"([_\p{L}\p{Nd}\p{Mn}])";

using Sequence = std::vector<Node>;
constexpr std::size_t kLengthsMax = 64;

std::vector<Sequence> fixed_lengths(const Node& node);

// All sequences through `parts`, each of a fixed length; empty where there are too many.
std::vector<Sequence> fixed_lengths(const std::vector<Node>& parts) {
    std::vector<Sequence> all(1);
    for (const Node& part : parts) {
        std::vector<Sequence> longer;
        for (const Sequence& begun : all) {
            for (const Sequence& next : fixed_lengths(part)) {
                longer.push_back(begun);
                longer.back().insert(longer.back().end(), next.begin(), next.end());
            }
        }
        if (longer.empty() || longer.size() > kLengthsMax) return {};
        all = std::move(longer);
    }
    return all;
}

std::vector<Sequence> fixed_lengths(const Node& node) {
    switch (node.kind) {
        case Kind::kConcatenation:
        case Kind::kGroup:
        case Kind::kCapture:
            return fixed_lengths(node.children);
        case Kind::kAlternation: {
            std::vector<Sequence> all;
            for (const Node& child : node.children) {
                for (Sequence& one : fixed_lengths(child)) all.push_back(std::move(one));
            }
            return all;
        }
        case Kind::kRepeat: {
            std::vector<Sequence> all;
            if (node.max == Node::kUnbounded || node.max - node.min > kLengthsMax) return {};
            for (std::uint32_t count = node.min; count <= node.max; ++count) {
                Node one = node;
                one.min = one.max = count;
                all.push_back({std::move(one)});
            }
            return all;
        }
        default:
            return {{node}};
    }
}

// A repetition at the start of a lookbehind matches at its maximum wherever it matches at its
// minimum, so that the minimum suffices.
void shorten_first(Node& node) {
    if (node.kind == Kind::kRepeat) node.max = node.min;
    if (node.kind == Kind::kAlternation) {
        for (Node& child : node.children) shorten_first(child);
    } else if (node.kind != Kind::kRepeat && node.kind != Kind::kSet && !node.children.empty()) {
        shorten_first(node.children[0]);
    }
}

bool refers_back(const Node& node) {
    return node.kind == Kind::kBackReference ||
           std::any_of(node.children.begin(), node.children.end(), refers_back);
}

class Writer {
public:
    // Groups capture only where a backreference needs them.
    enum class Captures { kNeeded, kUnneeded };

    Writer(Engine engine, Question question, Captures captures)
        : engine_(engine), question_(question), captures_(captures) {}

    // `tail`: nothing follows the node, so that `$` may consume the terminator.
    void node(const Node& node, bool tail) {
        switch (node.kind) {
            case Kind::kSet:
                folded(node);
                break;
            case Kind::kConcatenation:
                concatenation(node, tail);
                break;
            case Kind::kAlternation:
                alternation(node, tail);
                break;
            case Kind::kRepeat:
                repeat(node);
                break;
            case Kind::kCapture:
                wrapped(captures_ == Captures::kNeeded ? "(" : "(?:", node, tail);
                break;
            case Kind::kGroup:
                wrapped("(?:", node, tail);
                break;
            case Kind::kAtomic:
                pcre2_only();
                wrapped("(?>", node, false);
                break;
            case Kind::kLookahead:
                pcre2_only();
                wrapped("(?=", node, false);
                break;
            case Kind::kNegativeLookahead:
                pcre2_only();
                wrapped("(?!", node, false);
                break;
            case Kind::kLookbehind:
            case Kind::kNegativeLookbehind:
                lookbehind(node);
                break;
            case Kind::kBackReference:
                pcre2_only();
                back_reference(node);
                break;
            case Kind::kInputStart:
                out_ += R"(\A)";
                break;
            case Kind::kInputEnd:
                out_ += R"(\z)";
                break;
            case Kind::kLastLineEnd:
                last_line_end(kTerminator, tail);
                break;
            case Kind::kUnixLastLineEnd:
                last_line_end(R"(\n)", tail);
                break;
            case Kind::kLineStart:
                pcre2_only();
                out_ += R"((?:\A|(?!\z)(?:(?<=[\n\x{85}\x{2028}\x{2029}])|(?<=\r)(?!\n))))";
                break;
            case Kind::kLineEnd:
                pcre2_only();
                out_ += R"((?=(?<!\r)\n|[\r\x{85}\x{2028}\x{2029}]|\z))";
                break;
            case Kind::kUnixLineStart:
                pcre2_only();
                out_ += R"((?:\A|(?!\z)(?<=\n)))";
                break;
            case Kind::kUnixLineEnd:
                pcre2_only();
                out_ += R"((?=\n|\z))";
                break;
            case Kind::kWordBoundary:
                pcre2_only();
                out_ += fmt::format("(?:(?<={0})(?!{0})|(?<!{0})(?={0}))", kWord);
                break;
            case Kind::kNotWordBoundary:
                pcre2_only();
                out_ += fmt::format("(?:(?<={0})(?={0})|(?<!{0})(?!{0}))", kWord);
                break;
            case Kind::kGrapheme:
                pcre2_only();
                out_ += R"(\X)";
                break;
            case Kind::kGraphemeBoundary:
                pcre2_only();
                out_ += kGraphemeBoundary;
                break;
            case Kind::kNothing:
                pcre2_only();
                out_ += "(?!)";
                break;
        }
    }

    bool impossible() const { return impossible_; }
    const std::string& error() const { return error_; }
    std::string take() { return std::move(out_); }

private:
    void pcre2_only() { impossible_ = impossible_ || engine_ == Engine::kRe2; }
    void fail(std::string why) {
        impossible_ = true;
        if (error_.empty()) error_ = std::move(why);
    }

    void wrapped(const char* open, const Node& node, bool tail) {
        out_ += open;
        for (const Node& child : node.children) this->node(child, tail);
        out_ += ')';
    }

    void concatenation(const Node& node, bool tail) {
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            this->node(node.children[i], tail && i + 1 == node.children.size());
        }
    }

    void alternation(const Node& node, bool tail) {
        out_ += "(?:";
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            if (i != 0) out_ += '|';
            this->node(node.children[i], tail);
        }
        out_ += ')';
    }

    // $ and \Z outside of (?m).
    void last_line_end(const char* terminator, bool tail) {
        if (engine_ == Engine::kPcre2) {
            const bool unix_lines = std::string_view(terminator) == R"(\n)";
            out_ += unix_lines ? R"((?=\n?\z))"
                               : R"((?=(?:\r\n|(?<!\r)\n|[\r\x{85}\x{2028}\x{2029}])?\z))";
        } else if (!tail) {
            pcre2_only();
        } else if (question_ == Question::kMatches) {
            out_ += R"(\z)";  // the whole text is to be matched, its terminator too
        } else {
            out_ += fmt::format(R"((?:{})?\z)", terminator);
        }
    }

    void repeat(const Node& node) {
        const Node& one = node.children[0];
        if (node.greed == Node::Greed::kPossessive) pcre2_only();
        Writer inner(engine_, question_, captures_);
        inner.node(one, false);
        impossible_ = impossible_ || inner.impossible_;
        if (error_.empty()) error_ = inner.error_;
        // A class alone is repeated by a counter, a group by copies of itself.
        const bool is_class = one.kind == Kind::kSet && inner.out_.starts_with('[');
        const std::string atom = is_class ? inner.out_ : fmt::format("(?:{})", inner.out_);
        const char* const greed = node.greed == Node::Greed::kGreedy ? ""
                                  : node.greed == Node::Greed::kLazy ? "?"
                                                                     : "+";
        const std::uint32_t count_max = engine_ == Engine::kRe2 ? kRe2CountMax : kPcre2CountMax;
        const std::uint32_t max = node.max == Node::kUnbounded ? node.min : node.max;
        if (max <= count_max) {
            out_ += atom + quantifier(node.min, node.max) + greed;
            return;
        }
        if (engine_ == Engine::kRe2) return pcre2_only();
        big_repeat(node, one, atom, greed);
    }

    // Counts beyond the engine's limit, for a single character; the parts together mean the same.
    void big_repeat(const Node& node, const Node& one, const std::string& atom, const char* greed) {
        if (one.kind != Kind::kSet || node.min / kPcre2CountMax > kCountPartsMax) {
            // No text has that many characters; but the expression may match the empty text that
            // often.
            if (one.kind == Kind::kSet) {
                out_ += "(?!)";
                return;
            }
            return fail("repeats more than 65535 times");
        }
        std::string parts;
        for (std::uint32_t left = node.min; left > 0;) {
            const std::uint32_t part = std::min(left, kPcre2CountMax);
            parts += atom + quantifier(part, part);
            left -= part;
        }
        if (node.max == Node::kUnbounded ||
            (node.max - node.min) / kPcre2CountMax > kCountPartsMax) {
            parts += atom + "*" + greed;
        } else {
            for (std::uint32_t left = node.max - node.min; left > 0;) {
                const std::uint32_t part = std::min(left, kPcre2CountMax);
                parts += atom + quantifier(0, part) + greed;
                left -= part;
            }
        }
        out_ += "(?:" + parts + ")";
    }

    static std::string quantifier(std::uint32_t min, std::uint32_t max) {
        if (min == 0 && max == Node::kUnbounded) return "*";
        if (min == 1 && max == Node::kUnbounded) return "+";
        if (min == 0 && max == 1) return "?";
        if (max == Node::kUnbounded) return fmt::format("{{{},}}", min);
        return min == max ? fmt::format("{{{}}}", min) : fmt::format("{{{},{}}}", min, max);
    }

    // PCRE2 looks behind by a fixed length, Java by a bounded one: one assertion for each length.
    void lookbehind(const Node& node) {
        pcre2_only();
        const bool negative = node.kind == Kind::kNegativeLookbehind;
        Node inside{.kind = Kind::kConcatenation, .children = node.children};
        shorten_first(inside);
        const auto all = fixed_lengths(inside);
        if (all.empty()) return fail("looks behind in too many ways");
        out_ += "(?:";
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i != 0 && !negative) out_ += '|';
            out_ += negative ? "(?<!" : "(?<=";
            for (const Node& part : all[i]) this->node(part, false);
            out_ += ')';
        }
        out_ += ')';
    }

    void back_reference(const Node& node) {
        const std::string reference = fmt::format("\\g{{{}}}", node.number);
        out_ += node.fold == Fold::kUnicode ? "(?i:" + reference + ")" : reference;
    }

    void folded(const Node& node) {
        if (node.fold == Fold::kNone) return set(node.set);
        out_ += "(?i:";
        set(node.set);
        out_ += ')';
    }

    void set(const Set& set) {
        if (set.operation == Set::Operation::kLeaf) return leaf(set);
        if (set.negated) {
            pcre2_only();
            out_ += "(?!";
        }
        out_ += "(?:";
        if (set.operation == Set::Operation::kIntersection) {
            pcre2_only();
            out_ += "(?=";
            this->set(set.operands[0]);
            out_ += ')';
            this->set(set.operands[1]);
        } else {
            this->set(set.operands[0]);
            out_ += '|';
            this->set(set.operands[1]);
        }
        out_ += ')';
        if (set.negated) out_ += R"()[\x{0}-\x{10FFFF}])";
    }

    void leaf(const Set& set) {
        if (set.ranges.empty() && set.properties.empty()) {
            pcre2_only();
            out_ += set.negated ? R"([\x{0}-\x{10FFFF}])" : "(?!)";
            return;
        }
        out_ += set.negated ? "[^" : "[";
        for (const Set::Range& range : set.ranges) {
            out_ += fmt::format("\\x{{{:x}}}", range.first);
            if (range.last != range.first) out_ += fmt::format("-\\x{{{:x}}}", range.last);
        }
        for (const Set::Property& property : set.properties) {
            if (property.rare) pcre2_only();
            out_ += fmt::format("\\{}{{{}}}", property.negated ? 'P' : 'p', property.name);
        }
        out_ += ']';
    }

    Engine engine_;
    Question question_;
    Captures captures_;
    std::string out_;
    bool impossible_ = false;
    std::string error_;
};

}  // namespace

std::optional<std::string> write_re2(const Node& root, Question question) {
    Writer writer(Engine::kRe2, question, Writer::Captures::kUnneeded);
    writer.node(root, true);
    if (writer.impossible()) return std::nullopt;
    return writer.take();
}

Result<std::string, std::string> write_pcre2(const Node& root) {
    const auto captures =
        refers_back(root) ? Writer::Captures::kNeeded : Writer::Captures::kUnneeded;
    Writer writer(Engine::kPcre2, Question::kFind, captures);
    writer.node(root, true);
    if (writer.impossible()) return unexpected(writer.error());
    return writer.take();
}

}  // namespace snowline::text::java_regex
