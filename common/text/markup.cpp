#include "common/text/markup.h"

namespace snowline::text {
namespace {

/// nullptr where the character needs no escape.
const char* entity_of(char c) {
    switch (c) {
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '&':
            return "&amp;";
        case '"':
            return "&quot;";
        default:
            return nullptr;
    }
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (const char* entity = entity_of(c))
            out += entity;
        else if (c == '\'')
            out += "&#39;";
        else
            out += c;
    }
    return out;
}

std::string escape_xml(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (const char* entity = entity_of(c))
            out += entity;
        else
            out += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? ' ' : c;
    }
    return out;
}

}  // namespace snowline::text
