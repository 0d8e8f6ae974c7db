#include "iglu/server/answers.h"

#include "common/json/print.h"

#include <fmt/format.h>

namespace snowline::iglu::server {
namespace {

http::Response answer(int status, std::string body, std::string_view type) {
    return {.status = status,
            .body = std::move(body),
            .headers = {{"content-type", std::string(type)}}};
}

std::string_view level_name(lint::Level level) {
    switch (level) {
        case lint::Level::kError:
            return "ERROR";
        case lint::Level::kWarning:
            return "WARNING";
        case lint::Level::kInfo:
        case lint::Level::kNote:
            return "INFO";
    }
    return {};
}

http::Response report(int status, std::string_view message, std::string_view items) {
    return json_answer(
        status, fmt::format(R"({{"message":{},"report":[{}]}})", json::quoted(message), items));
}

}  // namespace

http::Response json_answer(int status, std::string body) {
    return answer(status, std::move(body), "application/json");
}

http::Response text_answer(int status, std::string body) {
    return answer(status, std::move(body), "text/plain; charset=UTF-8");
}

http::Response message_answer(int status, std::string_view message) {
    return json_answer(status, fmt::format(R"({{"message":{}}})", json::quoted(message)));
}

http::Response not_allowed(std::string_view method, std::string_view named,
                           std::string_view allowed) {
    auto made =
        message_answer(405, fmt::format("{} not allowed. Defined methods: {}\n", method, named));
    made.headers.emplace_back("allow", std::string(allowed));
    return made;
}

http::Response report_answer(int status, std::string_view message,
                             std::span<const lint::Issue> issues) {
    std::string items;
    for (const lint::Issue& issue : issues) {
        items += fmt::format(R"({}{{"message":{},"level":"{}","pointer":{}}})",
                             items.empty() ? "" : ",", json::quoted(issue.message),
                             level_name(issue.level), json::quoted(issue.pointer));
    }
    return report(status, message, items);
}

http::Response report_answer(int status, std::string_view message,
                             std::span<const validate::Report> reports) {
    std::string items;
    for (const validate::Report& item : reports) {
        std::string targets;
        for (const std::string& target : item.targets)
            targets += (targets.empty() ? "" : ",") + json::quoted(target);
        items += fmt::format(R"({}{{"message":{},"path":{},"keyword":{},"targets":[{}]}})",
                             items.empty() ? "" : ",", json::quoted(item.message),
                             json::quoted(item.path), json::quoted(item.keyword), targets);
    }
    return report(status, message, items);
}

http::Response failure_answer(const PublicationFailure& failure) {
    switch (failure.kind) {
        case PublicationFailure::Kind::kRefused:
            return message_answer(409, failure.message);
        case PublicationFailure::Kind::kReadOnly:
            return message_answer(405, failure.message);
        case PublicationFailure::Kind::kBroken:
            return message_answer(500, failure.message);
    }
    return message_answer(500, "");
}

}  // namespace snowline::iglu::server
