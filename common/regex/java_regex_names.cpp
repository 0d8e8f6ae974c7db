#include "common/regex/java_regex_syntax.h"
#include "common/text/ascii.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace snowline::text::java_regex {
namespace {

// The definition of a Java name: properties joined by `|` (a leading ^ negates one, a leading ~
// says that RE2 does not know it, or defines it differently), and ranges.
struct Name {
    std::string_view name;
    std::string_view properties;
    std::initializer_list<Set::Range> ranges = {};
};

Set make(const Name& entry) {
    Set set;
    set.ranges = entry.ranges;
    for (std::string_view rest = entry.properties; !rest.empty();) {
        const std::size_t end = std::min(rest.find('|'), rest.size());
        std::string_view one = rest.substr(0, end);
        Set::Property property;
        for (; !one.empty() && (one[0] == '^' || one[0] == '~'); one.remove_prefix(1)) {
            (one[0] == '^' ? property.negated : property.rare) = true;
        }
        property.name = std::string(one);
        set.properties.push_back(std::move(property));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return set;
}

template <std::size_t kCount>
const Name* find(const Name (&names)[kCount], std::string_view name) {
    const auto at = std::find_if(std::begin(names), std::end(names),
                                 [&](const Name& entry) { return entry.name == name; });
    return at == std::end(names) ? nullptr : at;
}

const Name kCategories[] = {
    {"L", "L"},
    {"Lu", "Lu"},
    {"Ll", "Ll"},
    {"Lt", "Lt"},
    {"Lm", "Lm"},
    {"Lo", "Lo"},
    {"M", "M"},
    {"Mn", "Mn"},
    {"Me", "Me"},
    {"Mc", "Mc"},
    {"N", "N"},
    {"Nd", "Nd"},
    {"Nl", "Nl"},
    {"No", "No"},
    {"Z", "Z"},
    {"Zs", "Zs"},
    {"Zl", "Zl"},
    {"Zp", "Zp"},
    {"P", "P"},
    {"Pd", "Pd"},
    {"Ps", "Ps"},
    {"Pe", "Pe"},
    {"Pc", "Pc"},
    {"Po", "Po"},
    {"Pi", "Pi"},
    {"Pf", "Pf"},
    {"S", "S"},
    {"Sm", "Sm"},
    {"Sc", "Sc"},
    {"Sk", "Sk"},
    {"So", "So"},
    // Lone surrogates are mapped to a private plane (see kSurrogateStandIn).
    {"Cs", "", {{kSurrogateStandIn, kSurrogateStandIn + 0x7FF}}},
    {"C", "~C"},
    {"Cn", "~Cn"},
    {"Cc", "Cc"},
    {"Cf", "Cf"},
    {"Co", "Co"},
    {"LC", "Lu|Ll|Lt"},
    {"LD", "L|Nd"},
    {"L1", "", {{0, 0xFF}}},
    {"all", "", {{0, 0x10FFFF}}},
};

const Name kAsciiClasses[] = {
    {"ASCII", "", {{0, 0x7F}}},
    {"Alnum", "", {{'a', 'z'}, {'A', 'Z'}, {'0', '9'}}},
    {"Alpha", "", {{'a', 'z'}, {'A', 'Z'}}},
    {"Blank", "", {{' ', ' '}, {'\t', '\t'}}},
    {"Cntrl", "", {{0, 0x1F}, {0x7F, 0x7F}}},
    {"Digit", "", {{'0', '9'}}},
    {"Graph", "", {{0x21, 0x7E}}},
    {"Lower", "", {{'a', 'z'}}},
    {"Print", "", {{0x20, 0x7E}}},
    {"Punct", "", {{0x21, 0x2F}, {0x3A, 0x40}, {0x5B, 0x60}, {0x7B, 0x7E}}},
    {"Space", "", {{'\t', '\r'}, {' ', ' '}}},
    {"Upper", "", {{'A', 'Z'}}},
    {"XDigit", "", {{'0', '9'}, {'a', 'f'}, {'A', 'F'}}},
};

const Name kJavaClasses[] = {
    {"javaLowerCase", "~Lowercase"},
    {"javaUpperCase", "~Uppercase"},
    {"javaAlphabetic", "~Alphabetic"},
    {"javaIdeographic", "~Ideographic"},
    {"javaTitleCase", "Lt"},
    {"javaDigit", "Nd"},
    {"javaDefined", "~^Cn"},
    {"javaLetter", "L"},
    {"javaLetterOrDigit", "L|Nd"},
    {"javaJavaIdentifierStart", "L|Nl|Sc|Pc"},
    {"javaJavaIdentifierPart", "L|Nl|Sc|Pc|Nd|Mc|Mn|Cf", {{0, 8}, {0xE, 0x1B}, {0x7F, 0x9F}}},
    {"javaUnicodeIdentifierStart", "L|Nl"},
    {"javaUnicodeIdentifierPart", "L|Nl|Pc|Nd|Mc|Mn|Cf", {{0, 8}, {0xE, 0x1B}, {0x7F, 0x9F}}},
    {"javaIdentifierIgnorable", "Cf", {{0, 8}, {0xE, 0x1B}, {0x7F, 0x9F}}},
    {"javaSpaceChar", "Z"},
    {"javaWhitespace",
     "Zl|Zp",
     {{'\t', '\r'},
      {0x1C, 0x20},
      {0x1680, 0x1680},
      {0x2000, 0x2006},
      {0x2008, 0x200A},
      {0x205F, 0x205F},
      {0x3000, 0x3000}}},
    {"javaISOControl", "", {{0, 0x1F}, {0x7F, 0x9F}}},
    {"javaMirrored", "~Bidi_Mirrored"},
};

// After `Is`, in upper case.
const Name kBinaryProperties[] = {
    {"ALPHABETIC", "~Alphabetic"},
    {"LETTER", "L"},
    {"IDEOGRAPHIC", "~Ideographic"},
    {"LOWERCASE", "~Lowercase"},
    {"UPPERCASE", "~Uppercase"},
    {"TITLECASE", "Lt"},
    {"WHITE_SPACE", "~White_Space"},
    {"WHITESPACE", "~White_Space"},
    {"CONTROL", "Cc"},
    {"PUNCTUATION", "P"},
    {"HEX_DIGIT", "~Hex_Digit"},
    {"HEXDIGIT", "~Hex_Digit"},
    {"ASSIGNED", "~^Cn"},
    {"NONCHARACTER_CODE_POINT", "~Noncharacter_Code_Point"},
    {"NONCHARACTERCODEPOINT", "~Noncharacter_Code_Point"},
    {"DIGIT", "Nd"},
    {"ALNUM", "~Alphabetic|Nd"},
    {"BLANK", "Zs", {{'\t', '\t'}}},
    {"WORD", "~Alphabetic|M|Nd|Pc", {{0x200C, 0x200D}}},
    {"JOIN_CONTROL", "", {{0x200C, 0x200D}}},
    {"JOINCONTROL", "", {{0x200C, 0x200D}}},
};

// By their names without blanks, dashes and underscores, in lower case.
const Name kBlocks[] = {
    {"basiclatin", "", {{0x0, 0x7F}}},
    {"latin1supplement", "", {{0x80, 0xFF}}},
    {"latinextendeda", "", {{0x100, 0x17F}}},
    {"latinextendedb", "", {{0x180, 0x24F}}},
    {"ipaextensions", "", {{0x250, 0x2AF}}},
    {"spacingmodifierletters", "", {{0x2B0, 0x2FF}}},
    {"combiningdiacriticalmarks", "", {{0x300, 0x36F}}},
    {"greek", "", {{0x370, 0x3FF}}},
    {"greekandcoptic", "", {{0x370, 0x3FF}}},
    {"cyrillic", "", {{0x400, 0x4FF}}},
    {"cyrillicsupplementary", "", {{0x500, 0x52F}}},
    {"armenian", "", {{0x530, 0x58F}}},
    {"hebrew", "", {{0x590, 0x5FF}}},
    {"arabic", "", {{0x600, 0x6FF}}},
    {"syriac", "", {{0x700, 0x74F}}},
    {"arabicsupplement", "", {{0x750, 0x77F}}},
    {"devanagari", "", {{0x900, 0x97F}}},
    {"bengali", "", {{0x980, 0x9FF}}},
    {"tamil", "", {{0xB80, 0xBFF}}},
    {"thai", "", {{0xE00, 0xE7F}}},
    {"georgian", "", {{0x10A0, 0x10FF}}},
    {"hanguljamo", "", {{0x1100, 0x11FF}}},
    {"latinextendedadditional", "", {{0x1E00, 0x1EFF}}},
    {"greekextended", "", {{0x1F00, 0x1FFF}}},
    {"generalpunctuation", "", {{0x2000, 0x206F}}},
    {"superscriptsandsubscripts", "", {{0x2070, 0x209F}}},
    {"currencysymbols", "", {{0x20A0, 0x20CF}}},
    {"letterlikesymbols", "", {{0x2100, 0x214F}}},
    {"numberforms", "", {{0x2150, 0x218F}}},
    {"arrows", "", {{0x2190, 0x21FF}}},
    {"mathematicaloperators", "", {{0x2200, 0x22FF}}},
    {"miscellaneoustechnical", "", {{0x2300, 0x23FF}}},
    {"boxdrawing", "", {{0x2500, 0x257F}}},
    {"geometricshapes", "", {{0x25A0, 0x25FF}}},
    {"miscellaneoussymbols", "", {{0x2600, 0x26FF}}},
    {"dingbats", "", {{0x2700, 0x27BF}}},
    {"cjksymbolsandpunctuation", "", {{0x3000, 0x303F}}},
    {"hiragana", "", {{0x3040, 0x309F}}},
    {"katakana", "", {{0x30A0, 0x30FF}}},
    {"bopomofo", "", {{0x3100, 0x312F}}},
    {"cjkunifiedideographsextensiona", "", {{0x3400, 0x4DBF}}},
    {"cjkunifiedideographs", "", {{0x4E00, 0x9FFF}}},
    {"hangulsyllables", "", {{0xAC00, 0xD7AF}}},
    {"privateusearea", "", {{0xE000, 0xF8FF}}},
    {"cjkcompatibilityideographs", "", {{0xF900, 0xFAFF}}},
    {"halfwidthandfullwidthforms", "", {{0xFF00, 0xFFEF}}},
    {"emoticons", "", {{0x1F600, 0x1F64F}}},
    {"miscellaneoussymbolsandpictographs", "", {{0x1F300, 0x1F5FF}}},
    {"transportandmapsymbols", "", {{0x1F680, 0x1F6FF}}},
};

std::string bare(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ' ' || c == '-' || c == '_') continue;
        out += lower(c);
    }
    return out;
}

Result<Set, std::string> unknown(std::string_view name) {
    return unexpected(fmt::format("Unknown character property name {{{}}}", name));
}

// `OLD_ITALIC` → `Old_Italic`, as RE2 spells it; PCRE2 takes any case. The engines know the names
// and refuse others.
Result<Set, std::string> script(std::string_view name, std::string_view whole) {
    const bool plausible = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return is_alpha(c) || c == '_';
    });
    if (!plausible) return unknown(whole);
    std::string title;
    for (const char c : name) {
        const bool first = title.empty() || title.back() == '_';
        title += first ? upper(c) : lower(c);
    }
    // PCRE2's plain name matches script extensions, too.
    Set set;
    set.properties.push_back({"sc:" + title, false, true});
    return set;
}

Result<Set, std::string> block(std::string_view name, std::string_view whole) {
    if (const Name* known = find(kBlocks, bare(name))) return make(*known);
    return unknown(whole);
}

Result<Set, std::string> binary_or_script(std::string_view name, std::string_view whole) {
    const std::string upper_name = to_upper(name);
    if (const Name* known = find(kBinaryProperties, upper_name)) return make(*known);
    if (const Name* known = find(kCategories, name)) return make(*known);
    if (const Name* known = find(kAsciiClasses, name)) return make(*known);
    return script(name, whole);
}

// Under (?U) the POSIX classes are Unicode's.
Result<Set, std::string> unicode_class(std::string_view name) {
    const Name kUnicodeClasses[] = {
        {"Alnum", "~Alphabetic|Nd"},
        {"Alpha", "~Alphabetic"},
        {"Blank", "Zs", {{'\t', '\t'}}},
        {"Cntrl", "Cc"},
        {"Digit", "Nd"},
        {"Lower", "~Lowercase"},
        {"Punct", "P"},
        {"Space", "~White_Space"},
        {"Upper", "~Uppercase"},
        {"XDigit", "Nd|~Hex_Digit"},
    };
    if (const Name* known = find(kUnicodeClasses, name)) return make(*known);
    return unknown(name);
}

}  // namespace

Result<Set, std::string> named_set(std::string_view name, bool unicode_classes) {
    if (const std::size_t equals = name.find('='); equals != std::string_view::npos) {
        const std::string key = to_upper(name.substr(0, equals));
        const std::string_view value = name.substr(equals + 1);
        if (key == "SC" || key == "SCRIPT") return script(value, name);
        if (key == "BLK" || key == "BLOCK") return block(value, name);
        if (key != "GC" && key != "GENERAL_CATEGORY") return unknown(name);
        const Name* known = find(kCategories, value);
        return known != nullptr ? make(*known) : unknown(name);
    }
    if (name.starts_with("In")) return block(name.substr(2), name);
    if (name.starts_with("Is")) return binary_or_script(name.substr(2), name);
    if (unicode_classes) {
        if (auto set = unicode_class(name)) return set;
    }
    if (const Name* known = find(kCategories, name)) return make(*known);
    if (const Name* known = find(kAsciiClasses, name)) return make(*known);
    if (const Name* known = find(kJavaClasses, name)) return make(*known);
    return unknown(name);
}

}  // namespace snowline::text::java_regex
