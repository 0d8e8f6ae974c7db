#pragma once

#include "common/json/print.h"
#include "common/json/value.h"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::test {

/// Makes JSON texts for a schema: most of them nearly valid, with a wrong value, a missing or an
/// unknown member here and there. The same seed gives the same texts on every machine.
class Instances {
public:
    explicit Instances(std::uint32_t seed) : random_(seed) {}

    std::string next(json::Value schema) {
        std::string out;
        write(schema, 0, out);
        return out;
    }

private:
    static constexpr int kDepthMax = 12;

    bool one_in(unsigned n) { return random_() % n == 0; }
    std::size_t below(std::size_t n) { return random_() % n; }

    static long number(json::Value schema, std::string_view name, long otherwise) {
        const json::Value* value = schema.find(name);
        if (value == nullptr || !value->is_number()) return otherwise;
        return static_cast<long>(std::stod(std::string(value->text())));
    }

    void write(json::Value schema, int depth, std::string& out) {
        if (depth > kDepthMax || one_in(40)) return write_anything(out);
        if (const json::Value* values = schema.find("enum"); values && !one_in(12)) {
            return json::print(values->items()[below(values->items().size())], out);
        }
        for (const char* name : {"oneOf", "anyOf", "allOf"}) {
            const json::Value* branches = schema.find(name);
            if (branches == nullptr || branches->items().empty()) continue;
            const json::Value branch = branches->items()[below(branches->items().size())];
            if (branch.find("type") || branch.find("properties") || branch.find("items")) {
                return write(branch, depth + 1, out);
            }
        }
        const std::string_view type = type_of(schema);
        if (type == "object") return write_object(schema, depth, out);
        if (type == "array") return write_array(schema, depth, out);
        if (type == "string") return write_string(schema, out);
        if (type == "integer" || type == "number") return write_number(schema, type, out);
        if (type == "boolean")
            out += one_in(2) ? "true" : "false";
        else if (type == "null")
            out += "null";
        else
            write_anything(out);
    }

    std::string_view type_of(json::Value schema) {
        const json::Value* type = schema.find("type");
        if (type != nullptr && type->is_string()) return type->text();
        if (type != nullptr && type->is_array() && !type->items().empty()) {
            const json::Value one = type->items()[below(type->items().size())];
            return one.is_string() ? one.text() : "";
        }
        if (schema.find("properties") || schema.find("patternProperties")) return "object";
        return schema.find("items") ? "array" : "";
    }

    bool is_required(json::Value schema, std::string_view name) const {
        const json::Value* required = schema.find("required");
        if (required == nullptr || !required->is_array()) return false;
        for (const json::Value& item : required->items()) {
            if (item.is_string() && item.text() == name) return true;
        }
        return false;
    }

    void write_object(json::Value schema, int depth, std::string& out) {
        out += '{';
        bool first = true;
        const auto name = [&](std::string_view text) {
            if (!first) out += ',';
            first = false;
            json::print_string(text, out);
            out += ':';
        };
        if (const json::Value* properties = schema.find("properties")) {
            for (const json::Member& member : properties->members()) {
                if (is_required(schema, member.name) ? one_in(60) : one_in(2)) continue;
                name(member.name);
                write(member.value, depth + 1, out);
            }
        }
        const json::Value* others = schema.find("additionalProperties");
        if (others != nullptr && others->is_object() && one_in(2)) {
            name("other");
            write(*others, depth + 1, out);
        } else if (one_in(15)) {
            name("unknown");
            write_anything(out);
        }
        out += '}';
    }

    void write_array(json::Value schema, int depth, std::string& out) {
        const json::Value* items = schema.find("items");
        long count = number(schema, "minItems", 0) + static_cast<long>(below(3));
        if (const long most = number(schema, "maxItems", -1); most >= 0 && !one_in(10)) {
            count = std::min(count, most);
        }
        out += '[';
        for (long i = 0; i < std::min(count, 20L); ++i) {
            if (i > 0) out += ',';
            if (items != nullptr && items->is_object())
                write(*items, depth + 1, out);
            else
                write_anything(out);
        }
        out += ']';
    }

    void write_string(json::Value schema, std::string& out) {
        const json::Value* format = schema.find("format");
        const std::string_view sample =
            format != nullptr && format->is_string() ? sample_of(format->text()) : "";
        if (!sample.empty() && !one_in(10)) return json::print_string(sample, out);
        const json::Value* pattern = schema.find("pattern");
        if (pattern != nullptr && pattern->is_string()) {
            static constexpr const char* kTries[] = {"1-0-0",   "abc", "A1",
                                                     "#12ab34", "0",   "v1.2.3"};
            return json::print_string(kTries[below(std::size(kTries))], out);
        }
        const long least = number(schema, "minLength", 0);
        const long most = number(schema, "maxLength", least + 12);
        long length = least + static_cast<long>(below(static_cast<std::size_t>(
                                  std::max(1L, std::min(most - least, 20L) + 1))));
        if (one_in(8)) length = most;
        if (one_in(12)) length = most + 1;
        if (one_in(12) && least > 0) length = least - 1;
        json::print_string(std::string(static_cast<std::size_t>(std::min(length, 9000L)), 'x'),
                           out);
    }

    static std::string_view sample_of(std::string_view format) {
        if (format == "date-time") return "2026-11-23T05:19:58.187Z";
        if (format == "date") return "2026-11-23";
        if (format == "time") return "05:19:58";
        if (format == "uuid") return "7af4e3a6-6f26-4c1c-9f7d-5cd0e1a2b3c4";
        if (format == "email") return "a@example.com";
        if (format == "ipv4") return "192.0.2.1";
        if (format == "ipv6") return "2001:db8::1";
        if (format == "uri") return "https://example.com/a?b=c";
        if (format == "hostname") return "example.com";
        return "";
    }

    void write_number(json::Value schema, std::string_view type, std::string& out) {
        const long least = number(schema, "minimum", -5);
        const long most = number(schema, "maximum", std::max(least, 0L) + 1000);
        const std::size_t span =
            static_cast<std::size_t>(std::max(1L, std::min(most - least, 5000L)));
        long value = least + static_cast<long>(below(span));
        if (one_in(10)) value = most;
        if (one_in(12)) value = most + 1;
        if (one_in(12)) value = least - 1;
        out += std::to_string(value);
        if (type == "number" ? one_in(2) : one_in(20)) out += ".5";
    }

    void write_anything(std::string& out) {
        static constexpr const char* kThings[] = {"null",  "true", "0",  "-1.5", "\"\"",
                                                  "\"x\"", "[]",   "{}", "[1]",  "{\"a\":1}"};
        out += kThings[below(std::size(kThings))];
    }

    std::mt19937 random_;
};

}  // namespace snowline::test
