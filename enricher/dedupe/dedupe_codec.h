#pragma once

#include "enricher/dedupe/dedupe_state.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// A DedupeState as text beside a committed offset, and as records of a compacted topic.
///
///   note      = base64(head instance…)
///   head      = 1 (the format) · clock · first version · last − first version · count of what was
///               moved · sum of its versions (8 B)
///   instance  = UUID (16 B) · age (clock − minute) · set
///   record    = key "<group>/<topic>/<partition>/<uuid>", value 1 · version · minute · set
///   set       = count · (gap before it · length − 1)…
///
/// Numbers are LEB128, except for the sum (little endian). Decoding refuses everything that
/// encoding would not have written.
namespace snowline::enricher {

inline constexpr std::size_t kNoteHeadBytesMax = 1 + 5 + 10 + 10 + 10 + 8;

/// The bytes of an instance in a note with that clock.
std::size_t note_bytes_of(const SeenInstance& seen, std::uint32_t clock_minute);

/// The value of `note_bytes_max` for a text of `characters`.
constexpr std::size_t note_bytes_in(std::size_t characters) {
    return characters / 4 * 3;
}

/// Empty for an empty state.
std::string encode_note(const DedupeState& state);

struct Note {
    DedupeState state{};  // without what was moved
    std::uint64_t moved_count = 0;
    std::uint64_t moved_version_sum = 0;
};
/// nullopt: not a note, or of a later format.
std::optional<Note> decode_note(std::string_view text);

std::string encode_moved(const SeenInstance& seen);
std::optional<SeenInstance> decode_moved(std::string_view bytes);

}  // namespace snowline::enricher
