#pragma once

#include "common/http/message.h"
#include "iglu/authoring/lint/issue.h"
#include "iglu/server/store.h"
#include "iglu/validate/validator.h"

#include <span>
#include <string>
#include <string_view>

/// The registry's answers, with the reference's texts and shapes.
namespace snowline::iglu::server {

http::Response json_answer(int status, std::string body);
http::Response text_answer(int status, std::string body);
/// `{"message":"…"}`
http::Response message_answer(int status, std::string_view message);
/// 405; `allowed` goes into `Allow`, and `named` are the methods that the reference's text names.
http::Response not_allowed(std::string_view method, std::string_view named,
                           std::string_view allowed);
/// `{"message":"…","report":[…]}`
http::Response report_answer(int status, std::string_view message,
                             std::span<const lint::Issue> issues);
http::Response report_answer(int status, std::string_view message,
                             std::span<const validate::Report> reports);

/// The answer to a failed publication: 409, 405 or 500.
http::Response failure_answer(const PublicationFailure& failure);

inline constexpr std::string_view kNoDraft4 =
    "The schema does not conform to a JSON Schema v4 specification";
inline constexpr std::string_view kMalformed = "The request body was malformed.";
inline constexpr std::string_view kInvalid = "The request body was invalid.";
inline constexpr std::string_view kNotAuthorized = "Authentication error: not authorized";
inline constexpr std::string_view kNotFound = "The schema is not found";

}  // namespace snowline::iglu::server
