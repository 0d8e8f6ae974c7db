#pragma once

#include <string_view>

/// The reference's formats; the whole text is checked. Common formats for which the reference has
/// regular expressions are implemented by hand.
namespace snowline::iglu::validate {

bool is_date(std::string_view text);       // java.time.LocalDate.parse
bool is_date_time(std::string_view text);  // RFC 3339 as com.ethlo.time.itu reads it
bool is_time(std::string_view text);       // HH:MM:SS[.f], any digits
bool is_uuid(std::string_view text);
bool is_uri(std::string_view text);  // scheme required; ASCII
bool is_hostname(std::string_view text);
bool is_ipv4(std::string_view text);        // no leading zeros
bool is_ip_address(std::string_view text);  // leading zeros allowed
bool is_ipv6(std::string_view text);
bool is_email(std::string_view text);  // commons-validator

/// Top-level domains that email accepts, in lower case.
bool is_known_tld(std::string_view tld);

}  // namespace snowline::iglu::validate
