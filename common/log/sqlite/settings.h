#pragma once

#include <string>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::log::sqlite {

/// What all programs that use the embedded log have to agree on.
struct EmbeddedSettings {
    std::string data = "snowline-data";  // key `snowline.data`: the log's directory
};

/// Reads the log's key from the section `snowline`.
void read_embedded(const config::Reader& snowline, EmbeddedSettings& settings);

}  // namespace snowline::log::sqlite
