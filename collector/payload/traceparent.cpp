#include "collector/payload/traceparent.h"

#include "common/text/ascii.h"

#include <algorithm>

namespace snowline::collector {
namespace {

bool is_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return text::is_hex(c) && !text::is_upper(c); });
}

bool is_id(std::string_view text) {
    return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

bool is_traceparent(std::string_view text) {
    // 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
    return text.size() == 55 && text.starts_with("00-") && is_id(text.substr(3, 32)) &&
           text[35] == '-' && is_id(text.substr(36, 16)) && text[52] == '-' &&
           is_hex(text.substr(53));
}

std::optional<std::string> find_traceparent(const Request& request) {
    const std::string* value = request.head.find("traceparent");
    if (value == nullptr || !is_traceparent(*value)) return std::nullopt;
    return *value;
}

}  // namespace snowline::collector
