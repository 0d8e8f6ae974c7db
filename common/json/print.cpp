#include "common/json/print.h"

#include "common/text/utf8.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

namespace snowline::json {
namespace {

void escape_control(std::uint32_t code, std::string& out) {
    constexpr char kHex[] = "0123456789abcdef";
    switch (code) {
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    out += "\\u00";
    out += kHex[code >> 4];
    out += kHex[code & 15];
}

// Skips ASCII that is printed as it is, eight bytes at a time; may stop early.
std::size_t skip_plain(std::string_view text, std::size_t at) {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    constexpr std::uint64_t kHighs = 0x8080808080808080U;
    const auto has_zero = [](std::uint64_t v) { return (v - kOnes) & ~v & kHighs; };
    while (text.size() - at >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        const std::uint64_t stop = has_zero(word ^ (kOnes * '"')) |
                                   has_zero(word ^ (kOnes * '\\')) |
                                   has_zero(word ^ (kOnes * 0x7f)) |
                                   ((word - kOnes * 0x20) & ~word & kHighs) | (word & kHighs);
        if (stop != 0) {
            // Only bytes above a true hit can be false ones, so the lowest is exact.
            const int exact =
                std::endian::native == std::endian::little ? std::countr_zero(stop) : 0;
            return at + static_cast<std::size_t>(exact / 8);
        }
        at += 8;
    }
    return at;
}

// One open container of the value that is being printed.
struct Frame {
    Value container;
    std::size_t next;
};

// The open containers. The built-in space avoids an allocation for all but deeply nested values.
class Frames {
public:
    bool empty() const { return depth_ == 0; }
    void push(Frame frame) {
        if (depth_ < first_.size()) {
            first_[depth_] = frame;
        } else {
            deeper_.push_back(frame);
        }
        ++depth_;
    }
    void pop() {
        if (depth_-- > first_.size()) deeper_.pop_back();
    }
    Frame& top() { return depth_ <= first_.size() ? first_[depth_ - 1] : deeper_.back(); }

private:
    std::array<Frame, 8> first_;
    std::vector<Frame> deeper_;
    std::size_t depth_ = 0;
};

// Prints a scalar; pushes a container onto the stack.
void begin(Value value, Frames& open, std::string& out) {
    switch (value.type()) {
        case Type::kNull:
            out += "null";
            return;
        case Type::kFalse:
            out += "false";
            return;
        case Type::kTrue:
            out += "true";
            return;
        case Type::kNumber:
            out += value.text();
            return;
        case Type::kString:
            print_string(value.text(), out);
            return;
        case Type::kArray:
            out += '[';
            break;
        case Type::kObject:
            out += '{';
            break;
    }
    open.push({value, 0});
}

}  // namespace

std::string quoted(std::string_view text) {
    std::string out;
    print_string(text, out);
    return out;
}

void print_string(std::string_view text, std::string& out) {
    out += '"';
    std::size_t plain = 0;
    for (std::size_t at = skip_plain(text, 0); at < text.size(); at = skip_plain(text, at)) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
            ++at;
            continue;
        }
        if (c >= 0x80 && c != 0xc2) {
            const std::size_t length = text::utf8_sequence_length(text.substr(at));
            if (length != 0) {
                at += length;
                continue;
            }
        }
        out += text.substr(plain, at - plain);
        std::size_t next = at;
        const std::uint32_t code = text::decode_utf8(text, next);
        if (code == '"' || code == '\\') {
            out += '\\';
            out += static_cast<char>(code);
        } else if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
            escape_control(code, out);
        } else if (code >= 0xd800 && code < 0xe000) {
            out += '?';
        } else {
            text::append_utf8(code, out);
        }
        at = plain = next;
    }
    out += text.substr(plain);
    out += '"';
}

void print(Value value, std::string& out) {
    Frames open;
    begin(value, open, out);
    while (!open.empty()) {
        Frame& frame = open.top();
        const bool is_object = frame.container.is_object();
        const std::size_t size =
            is_object ? frame.container.members().size() : frame.container.items().size();
        if (frame.next == size) {
            out += is_object ? '}' : ']';
            open.pop();
            continue;
        }
        if (frame.next != 0) out += ',';
        const std::size_t index = frame.next++;
        if (is_object) {
            const Member& member = frame.container.members()[index];
            print_string(member.name, out);
            out += ':';
            begin(member.value, open, out);
        } else {
            begin(frame.container.items()[index], open, out);
        }
    }
}

std::string print(Value value) {
    std::string out;
    print(value, out);
    return out;
}

// Works on the compact text, so that nesting needs no recursion.
std::string print_indented(Value value) {
    const std::string compact = print(value);
    std::string out;
    std::size_t depth = 0;
    bool in_string = false;
    const auto new_line = [&] { out.append(1, '\n').append(2 * depth, ' '); };
    for (std::size_t i = 0; i < compact.size(); ++i) {
        const char c = compact[i];
        if (in_string) {
            out += c;
            if (c == '\\')
                out += compact[++i];
            else if (c == '"')
                in_string = false;
            continue;
        }
        if (c == '}' || c == ']') {
            --depth;
            if (compact[i - 1] != '{' && compact[i - 1] != '[') new_line();
        }
        out += c;
        if (c == '"') in_string = true;
        if (c == ':') out += ' ';
        if (c == '{' || c == '[') {
            ++depth;
            if (compact[i + 1] != '}' && compact[i + 1] != ']') new_line();
        }
        if (c == ',') new_line();
    }
    return out;
}

}  // namespace snowline::json
