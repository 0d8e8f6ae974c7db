#pragma once

#include <string_view>

namespace snowline::log {

/// As Kafka allows them: 1 to 249 of `a-z A-Z 0-9 . _ -`, and neither `.` nor `..`.
bool is_topic_name(std::string_view name);

}  // namespace snowline::log
