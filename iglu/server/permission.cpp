#include "iglu/server/permission.h"

#include "common/json/print.h"

#include <fmt/format.h>

namespace snowline::iglu::server {

bool Permission::covers(std::string_view vendor) const {
    if (any_vendor || vendor == vendor_prefix) return true;
    return vendor.starts_with(vendor_prefix) &&
           vendor.substr(vendor_prefix.size()).starts_with('.');
}

std::string Permission::to_json() const {
    const std::string_view schema = right == Right::kWrite  ? R"("CREATE_VENDOR")"
                                    : right == Right::kRead ? R"("READ")"
                                                            : "null";
    return fmt::format(R"({{"vendor":{},"schema":{},"key":{}}})", json::quoted(vendor_prefix),
                       schema, manages_keys ? R"(["CREATE","DELETE"])" : "[]");
}

Permission super_permission() {
    return {.any_vendor = true, .right = Right::kWrite, .manages_keys = true};
}

Permission permission_for(std::string_view asked_prefix, Right right) {
    while (asked_prefix.ends_with('.')) asked_prefix.remove_suffix(1);
    const bool is_blank = asked_prefix.find_first_not_of(' ') == std::string_view::npos;
    if (is_blank || asked_prefix == "*") return {.any_vendor = true, .right = right};
    return {.vendor_prefix = std::string(asked_prefix), .right = right};
}

}  // namespace snowline::iglu::server
