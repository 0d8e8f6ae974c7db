#pragma once

#include "iglu/resolve/registry.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// As many schemas as one likes, by number: `iglu:com.acme/event_00042/jsonschema/1-0-0`. Each is
/// one of a few texts.
class NumberedRegistry final : public snowline::iglu::Registry {
public:
    explicit NumberedRegistry(std::vector<std::string> texts)
        : Registry({.name = "numbered", .vendor_prefixes = {}}), texts_(std::move(texts)) {}

    snowline::Result<std::string, snowline::iglu::RegistryFailure> fetch(
        const snowline::model::SchemaKey& key) override {
        if (!key.name.starts_with("event_")) {
            return snowline::unexpected(snowline::iglu::not_found());
        }
        return texts_[std::stoul(key.name.substr(6)) % texts_.size()];
    }
    std::string location(const snowline::model::SchemaKey& key) const override {
        return key.to_path();
    }

private:
    std::vector<std::string> texts_;
};

/// A URI whose number changes in place.
class NumberedUri {
public:
    std::string_view at(std::size_t number) {
        for (std::size_t digit = kDigits; digit-- > 0; number /= 10) {
            text_[kFirst + digit] = static_cast<char>('0' + number % 10);
        }
        return text_;
    }

private:
    static constexpr std::size_t kFirst = 20, kDigits = 5;
    std::string text_ = "iglu:com.acme/event_00000/jsonschema/1-0-0";
};

}  // namespace bench
