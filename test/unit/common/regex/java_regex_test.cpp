#include "common/regex/java_regex.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

namespace snowline::text {
namespace {

using Outcome = JavaRegex::Outcome;

Outcome find(std::string_view pattern, std::string_view text) {
    const auto regex = JavaRegex::compile(pattern);
    REQUIRE(regex.has_value());
    return regex->find(text);
}

struct Case {
    std::string_view pattern, text;
    bool found;
};

TEST_CASE("patterns mean what they mean to java.util.regex") {
    const Case cases[] = {
        // `$` stands before a final line terminator, too, of which Java knows six
        {"^abc$", "abc\n", true},
        {"^abc$", "abc\r\n", true},
        {"^abc$", "abc\xe2\x80\xa8", true},
        {"^abc$", "abc\n\n", false},
        {"abc\\z", "abc\n", false},
        {"(?m)^b$", "a\nb\nc", true},
        {"(?m)^b$", "a\rb\r\nc", true},
        {"a$b|c", "c", true},
        // white space, digits and words are ASCII's
        {"^\\s$", "\v", true},
        {"^\\s$", "\xc2\xa0", false},
        {"^\\d$", "\xd9\xa1", false},
        {"(?U)^\\w$", "\xc3\xa9", true},
        // ... but not so at a word's boundary
        {"\\bfoo\\b",
         "\xc3\xa9"
         "foo",
         false},
        // case is ASCII's until (?u) says otherwise
        {"(?i)^k$", "K", true},
        {"(?i)^\xc3\xa9$", "\xc3\x89", false},
        {"(?iu)^\xc3\xa9$", "\xc3\x89", true},
        // classes have unions and intersections
        {"^[a-z&&[^aeiou]]+$", "xyz", true},
        {"^[a-z&&[^aeiou]]+$", "xay", false},
        {"^[a-c[x-z]]+$", "axc", true},
        {"^[a&&]$", "a", true},
        {"[]a]", "]", true},
        {"^[a-zA-Z0-9-_.]+$", "a-_.", true},
        {"^[\\w-.]+$", "a-.", true},
        // what only a backtracking engine can do
        {"^a++a$", "aaa", false},
        {"^(?>a+)b", "aab", true},
        {"^(a)(b)\\2\\1$", "abba", true},
        {"(a)\\2", "aa", false},
        {"^(?<x>a)\\k<x>$", "aa", true},
        {"(?<=a{1,3})b", "aaaab", true},
        {"(?<=x(a|bc))d", "xbcd", true},
        {"(?<!x(a|bc))d", "xbcd", false},
        {"^(?!\\s*$).+", "  ", false},
        // names of sets
        {"^\\p{Lu}+$", "\xc3\x89", true},
        {"^\\p{Upper}+$", "\xc3\x89", false},
        {"^\\p{IsGreek}$", "\xce\xb1", true},
        {"^\\p{InCyrillic}$", "\xd0\xb0", true},
        {"^\\P{L}$", "1", true},
        // characters beyond the first plane, and lone surrogates
        {"^.$", "\xf0\x9f\x98\x80", true},
        {"^\\uD83D\\uDE00$", "\xf0\x9f\x98\x80", true},
        {"^\\p{Cs}$", "\xed\xa0\xbd", true},
        {"\\ud83d", "\xf0\x9f\x98\x80", false},
        // quoting, comments, odd quantifiers
        {"^\\Qa.b*c\\E+$", "a.b*ccc", true},
        {"(?x) a b # c", "ab", true},
        {"{1}", "", true},
        {"a{1}{2}", "a", true},
        {"a{2147483647}", "aaa", false},
        {"^a{1,70000}$", "aaa", true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.pattern, c.text);
        CHECK(find(c.pattern, c.text) == (c.found ? Outcome::kYes : Outcome::kNo));
    }
}

TEST_CASE("a text of one shape is found, and what is next to it is not") {
    // Each is a text and its pattern; then one byte after the other is replaced.
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"a86c42e5-b831-45C8-b706-e214c26b4b3d",
         "^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}$"},
        {"2023-05-04T12:34:56.789Z",
         "^[0-9]{4}-[0-9]{2}-[0-9]{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z\\z"},
        {"0123456789abcdef", "^(?:[0-9a-f]{4}){4}$"},
        {"0123456789abcdef0123456789abcdef0", "^[0-9a-f]{33}$"},
        {"AbCdEfGhIjKlMnOpQ", "^([A-Z][a-z]){8}[^a-z]$"},
    };
    const std::string_view others[] = {"@", "`", "{",        "/",  ":", "g",
                                       "G", "0", "\xc3\xa9", "\n", ""};
    for (const auto& [text, pattern] : cases) {
        CAPTURE(pattern);
        CHECK(find(pattern, text) == Outcome::kYes);
        CHECK(find(pattern, std::string(text) + "0") == Outcome::kNo);
        CHECK(find(pattern, text.substr(1)) == Outcome::kNo);
        // An engine that does not know such texts judges the same.
        const std::string slow_pattern = "(?=[\\s\\S])" + std::string(pattern);
        for (std::size_t at = 0; at < text.size(); ++at) {
            for (const std::string_view other : others) {
                std::string near(text);
                near.replace(at, 1, other);
                CAPTURE(near);
                CHECK(find(pattern, near) == find(slow_pattern, near));
            }
        }
    }
    CHECK(find("^[0-9]{16}$", "0123456789012345\n") == Outcome::kYes);
    CHECK(find("[0-9]{16}", "x01234567890123456") == Outcome::kYes);
}

TEST_CASE("what Java refuses is refused") {
    for (const std::string_view pattern : {"[",        "(",
                                           ")",        "*a",
                                           "a+++",     "a{",
                                           "a{2,1}",   "\\",
                                           "\\i",      "\\p{Foo}",
                                           "\\u004",   "[z-a]",
                                           "[a-\\d]",  "(?P<x>a)",
                                           "(?<1x>a)", "\\k<y>",
                                           "(?#c)a",   "a{99999999999}",
                                           "[\\b]",    "(?<x>a)(?<x>b)"}) {
        CAPTURE(pattern);
        CHECK_FALSE(JavaRegex::compile(pattern).has_value());
    }
    CHECK_FALSE(JavaRegex::compile(std::string(100'000, 'a')).has_value());
    CHECK_FALSE(JavaRegex::compile(std::string(1'000, '(') + std::string(1'000, ')')).has_value());
}

TEST_CASE("the whole text matches only without its last line terminator's forgiveness") {
    const auto regex = JavaRegex::compile("^abc$");
    REQUIRE(regex.has_value());
    CHECK(regex->matches("abc") == Outcome::kYes);
    CHECK(regex->matches("abc\n") == Outcome::kNo);
    CHECK(JavaRegex::compile("b")->matches("abc") == Outcome::kNo);
    CHECK(JavaRegex::compile("a++bc")->matches("abc") == Outcome::kYes);
    CHECK(JavaRegex::compile("a++b")->matches("abc") == Outcome::kNo);
}

TEST_CASE("an end that is repeated ends") {
    CHECK(find("($|a)*b", "aab") == Outcome::kYes);
    CHECK(find("^(a$$|b)*c", "bbc") == Outcome::kYes);
    CHECK(find("^(a|$)*$", "aa") == Outcome::kYes);
    CHECK(find("^(a|\\z*$$)*$", "ab") == Outcome::kNo);
}

TEST_CASE("a catastrophic pattern ends in a limit or an answer, never in a hang") {
    const std::string text = std::string(40'000, 'a') + "!";
    CHECK(find("^(a+)+$", text) == Outcome::kNo);
    CHECK(find("^(([a-z])+.)+[A-Z]([a-z])+$", text) == Outcome::kNo);
    CHECK(find("^(?=a)(a+)+$", text) == Outcome::kLimit);
    CHECK(find("^(a|b|ab)*(?!x)c$", text) == Outcome::kLimit);
}

// Steps of questions that PCRE2 answers.
JavaRegex::Answer ask(std::string_view pattern, std::string_view text) {
    const auto regex = JavaRegex::compile(pattern);
    REQUIRE(regex.has_value());
    return regex->find_within(text, UINT64_MAX);
}

TEST_CASE("one budget of steps is for all places where a match may begin") {
    constexpr std::uint32_t kStepsMax = JavaRegex::Limits{}.steps_max;
    struct Hostile {
        std::string_view pattern, repeated;
        std::size_t bytes;
    };
    const Hostile cases[] = {
        // each place fails cheaply, but there are as many as there are bytes
        {"(?=.*[0-9])(?=.*[a-z]).{8,}", "A", 190'000},
        {"(?=.*[0-9])(?=.*[a-z]).{8,}", "A", 30'000},
        {"(?=.*[0-9])(?=.*[a-z]).{8,}", "A", 1'000'000},
        {"(?=.*[0-9])(?=.*[a-z]).{8,}", "\xc3\x84", 190'000},
        {"(?=.*[A])[bc]", "A", 190'000},
        // one item walks over all characters in one step of PCRE2's
        {"[A-Z]*+[bc]", "A", 190'000},
        {"(?=[A-Z]*)[bc]", "A", 1'000'000},
        {"[A-Z]{5000}+[bc]", "A", 190'000},
        {"[A-Z]{60000,}+x|[A-Z]{60000,}+y", "AAAAAAAAA ", 1'000'000},
        {"(?>[\\p{L}\\p{N}_-]*)[!?]", "\xd0\x90", 190'000},
        // long texts that are compared again and again
        {"(A+?)\\1[xy]", "A", 190'000},
        {"(?i)(A+?)\\1[xy]", "Aa", 190'000},
        // what PCRE2 looks for before each beginning
        {"(?i)(a+)A\\1", "aa1", 1'000'000},
        {"(?iu)([ab]+)b\\1c", "abC", 1'000'000},
        {"(?<=A{3000})[bcA](?!A)", "A", 190'000},
        // the classic
        {"^(?=A)(A+)+$", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!", 48},
        {"(?=A)(A|AA)+$", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!", 48},
    };
    for (const Hostile& c : cases) {
        std::string text;
        while (text.size() < c.bytes) text += c.repeated;
        CAPTURE(c.pattern, c.repeated, c.bytes);
        const auto answer = ask(c.pattern, text);
        CHECK(answer.outcome == Outcome::kLimit);
        // What a single item walks over before it is noticed.
        CHECK(answer.steps <= kStepsMax + text.size());
        // Steps decide: who asks again gets the same answer after the same steps.
        const auto again = ask(c.pattern, text);
        CHECK(again.outcome == answer.outcome);
        CHECK(again.steps == answer.steps);
    }
}

TEST_CASE("long texts that are not hostile are within the budget") {
    const std::string words = [] {
        std::string text;
        while (text.size() < 190'000) text += "Lorem ipsum 12 ";
        return text;
    }();
    struct Case {
        std::string_view pattern;
        bool found;
    };
    const Case cases[] = {
        {"(?=.*[0-9])(?=.*[a-z]).{8,}", true},
        {"^(?!\\s*$).+", true},
        {"(?s)^(?!.*<script).*$", true},
        {"(?<![a-z])dolor(?![a-z])", false},
        {"\\bipsum\\b", true},
        {"([0-9])\\1", false},
        {"(?m)^dolor$", false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.pattern);
        CHECK(ask(c.pattern, words).outcome == (c.found ? Outcome::kYes : Outcome::kNo));
    }
}

TEST_CASE("a question has the steps that its asker has left") {
    const auto regex = JavaRegex::compile("^(?!x)[a-z]+$");
    REQUIRE(regex.has_value());
    const auto [outcome, steps] = regex->find_within("lowercase", UINT64_MAX);
    CHECK(outcome == Outcome::kYes);
    CHECK(steps > 0);
    CHECK(regex->find_within("lowercase", steps).outcome == Outcome::kYes);
    CHECK(regex->find_within("lowercase", steps - 1).outcome == Outcome::kLimit);
    // A table's answer takes none.
    const auto plain = JavaRegex::compile("^[a-z]+$");
    CHECK(plain->find_within("lowercase", 0).outcome == Outcome::kYes);
    CHECK(plain->find_within("lowercase", 0).steps == 0);
}

TEST_CASE("an automaton that needs new states for ever is bounded, too") {
    std::string text;
    std::uint32_t state = 1;  // any bits that do not repeat
    while (text.size() < 1'000'000) {
        state = state * 1'664'525 + 1'013'904'223;
        text += (state >> 31) != 0 ? 'a' : 'b';
    }
    CHECK(ask("[ab]*a[ab]{200}c", text).outcome == Outcome::kLimit);
    CHECK(ask("[ab]*a[ab]{200}c", text.substr(0, 1'000)).outcome == Outcome::kNo);
    CHECK(ask("^[ab]{1,1000}$", text).outcome == Outcome::kNo);
    CHECK(ask("^.{1,1000}$", "\xc3\x84" + text.substr(0, 900)).outcome == Outcome::kYes);
    CHECK(ask("^[a-z]+(\\.[a-z]+)*\\p{L}?$", text).outcome == Outcome::kYes);
}

}  // namespace
}  // namespace snowline::text
