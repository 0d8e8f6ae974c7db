#pragma once

#include <cstddef>

namespace snowline::config {

/// Limits on what reading one configuration may cost, whatever its files contain. Beyond a limit:
/// Error.
struct Limits {
    std::size_t bytes_max = std::size_t{4} << 20;  // of one file
    std::size_t tokens_max = 1'000'000;            // of one file
    std::size_t depth_max = 100;                   // nested sections and lists, keys of a path
    std::size_t height_max = 300;                  // the same after substitution
    std::size_t includes_max = 50;                 // files that include each other
    std::size_t values_max = 300'000;              // made while reading and substituting
    std::size_t text_max = std::size_t{64} << 20;  // bytes of all texts, likewise
    std::size_t steps_max = 1'000'000;             // of resolving substitutions
    std::size_t resolving_max = 1'200;             // nested steps of one substitution
};

}  // namespace snowline::config
