#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// HTTP messages, as the client and the servers exchange them.
namespace snowline::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first header of a (lower-case) name; empty where there is none.
std::string_view find_header(const Headers& headers, std::string_view name);

struct Request {
    std::string method = "GET";
    std::string url;  // http:// or https://; at a server the target as it was sent
    Headers headers;  // a client: not sent on to another host by a redirect
    std::string body;
};

struct Response {
    int status = 200;
    std::string body;
    Headers headers = {};  // names in lower case

    std::string_view header(std::string_view name) const { return find_header(headers, name); }
};

}  // namespace snowline::http
