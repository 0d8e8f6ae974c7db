#pragma once

#include "common/json/parse.h"
#include "common/json/print.h"
#include "enricher/adapt/adapter.h"
#include "enricher/load/querystring.h"
#include "enricher/outputs/failure_json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Runs adapters on requests that are written down as texts.
namespace snowline::enricher::test {

struct Request {
    std::string_view vendor;
    std::string_view version = "v1";
    std::string_view querystring = "";
    std::optional<std::string_view> content_type = std::nullopt;
    std::optional<std::string_view> body = std::nullopt;
};

class NoSchemas : public iglu::SchemaSource {
public:
    const iglu::Lookup* find(const model::SchemaKey&) override { return &nothing_; }

private:
    iglu::Lookup nothing_ = iglu::ResolutionError{};
};

/// A request and what it became; all texts live in here.
class Adapting {
public:
    explicit Adapting(const Request& request, RemoteAnswers* remote = nullptr,
                      const SchemaReplacements* replaced_schemas = nullptr) {
        payload_.vendor = request.vendor;
        payload_.version = request.version;
        payload_.querystring = *parse_querystring(request.querystring, Charset::kUtf8, arena_);
        payload_.content_type = request.content_type;
        payload_.body = request.body;
        payload_.sender.timestamp_ms = 1'700'000'000'000;
        payload_.sender.ip_address = "203.0.113.7";
        querystring_ = Parameters(payload_.querystring);
        const AdapterInput input{.payload = payload_,
                                 .querystring = querystring_,
                                 .schemas = schemas_,
                                 .arena = arena_,
                                 .remote = remote,
                                 .replaced_schemas = replaced_schemas};
        result_ = adapt(input);
    }

    bool has_events() const { return result_.has_value(); }
    const std::vector<RawEvent>& events() const { return *result_; }

    /// Each event as `<Iglu URI> <data>`, or each failure as bad rows show it.
    std::vector<std::string> lines() const {
        std::vector<std::string> out;
        if (result_) {
            for (const RawEvent& event : *result_) out.push_back(line(event));
            return out;
        }
        for (const AdapterFailure& failure : result_.error()) {
            std::string text;
            JsonWriter writer(text);
            write(failure, writer);
            out.push_back(text);
        }
        return out;
    }

private:
    static std::string line(const RawEvent& event) {
        json::Arena arena;
        const auto envelope = json::parse(event.parameters.value("ue_pr").value_or(""), arena);
        if (!envelope) return "no event: " + envelope.error().message;
        const json::Value inner = *envelope->find("data");
        return std::string(inner.find("schema")->text()) + " " + json::print(*inner.find("data"));
    }

    json::Arena arena_;
    NoSchemas source_;
    SchemaTable schemas_{source_};
    Payload payload_;
    Parameters querystring_;
    Adapted result_;
};

inline std::vector<std::string> adapted(const Request& request) {
    return Adapting(request).lines();
}

/// Where a request gives one event or failure: that one's line.
inline std::string adapted_one(const Request& request) {
    const auto lines = adapted(request);
    return lines.size() == 1 ? lines.front() : std::to_string(lines.size()) + " lines";
}

}  // namespace snowline::enricher::test
