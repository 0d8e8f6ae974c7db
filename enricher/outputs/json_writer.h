#pragma once

#include "common/json/print.h"

#include <optional>
#include <string>
#include <string_view>

namespace snowline::enricher {

/// Writes JSON straight into a text: objects and arrays are opened and closed by the caller,
/// commas are put where they belong.
class JsonWriter {
public:
    explicit JsonWriter(std::string& out) : out_(out) {}

    JsonWriter& open(char bracket) {
        comma();
        out_ += bracket;
        fresh_ = true;
        return *this;
    }
    JsonWriter& close(char bracket) {
        out_ += bracket;
        fresh_ = false;
        return *this;
    }
    JsonWriter& name(std::string_view name) {
        comma();
        json::print_string(name, out_);
        out_ += ':';
        fresh_ = true;
        return *this;
    }
    JsonWriter& string(std::string_view text) {
        comma();
        json::print_string(text, out_);
        return *this;
    }
    JsonWriter& string_or_null(std::optional<std::string_view> text) {
        return text ? string(*text) : raw("null");
    }
    /// JSON that is ready: a number, `null`, an object.
    JsonWriter& raw(std::string_view json) {
        comma();
        out_ += json;
        return *this;
    }

private:
    void comma() {
        if (!fresh_) out_ += ',';
        fresh_ = false;
    }

    std::string& out_;
    bool fresh_ = true;
};

}  // namespace snowline::enricher
