#include "common/log/topic_name.h"

#include "common/text/ascii.h"

#include <algorithm>

namespace snowline::log {

bool is_topic_name(std::string_view name) {
    const auto allowed = [](char c) {
        return text::is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
    };
    if (name.empty() || name.size() > 249 || name == "." || name == "..") return false;
    return std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace snowline::log
