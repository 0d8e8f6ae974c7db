#include "common/regex/java_regex.h"

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

}  // namespace
}  // namespace snowline::text
