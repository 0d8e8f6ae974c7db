#include "collector/access/address_ranges.h"

#include "collector/wire/ascii.h"

#include <algorithm>

namespace snowline::collector::access {

std::optional<model::AddressRange> parse_address_range(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = model::IpAddress::parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    if (slash == std::string_view::npos) return model::AddressRange{*address, address->bits()};
    const auto digits = text.substr(slash + 1);
    const bool is_number = !digits.empty() && digits.size() <= 3 &&
                           std::all_of(digits.begin(), digits.end(), wire::is_digit);
    if (!is_number) return std::nullopt;
    unsigned bits = 0;
    for (const char c : digits) bits = bits * 10 + static_cast<unsigned>(c - '0');
    if (bits > address->bits()) return std::nullopt;
    return model::AddressRange{address->network(bits), bits};
}

}  // namespace snowline::collector::access
