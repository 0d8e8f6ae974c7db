#include "common/ops/log_level_page.h"

#include "common/ops/logging.h"

#include <string>

namespace snowline::ops {

AdminResponse read_log_level() {
    return {.body = std::string(name_of(log_level())) + '\n'};
}

AdminResponse change_log_level(std::string_view query) {
    constexpr std::string_view kLevel = "level=";
    const auto level =
        query.starts_with(kLevel) ? parse_level(query.substr(kLevel.size())) : std::nullopt;
    if (!level) {
        return {.status = 400,
                .body = "PUT /loglevel?level=L, and L is one of debug info warn error off\n"};
    }
    set_log_level(*level);
    return read_log_level();
}

}  // namespace snowline::ops
