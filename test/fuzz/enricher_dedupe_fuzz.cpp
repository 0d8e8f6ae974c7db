// Any text as the metadata of a committed offset, any bytes as a record of the topic: refused, or a
// state that is written as it was read.
#include "common/check.h"
#include "common/text/base64.h"
#include "enricher/dedupe/dedupe_codec.h"

#include <cstddef>
#include <cstdint>

using namespace snowline;

namespace {

void judge_note(const std::string& text) {
    const auto note = enricher::decode_note(text);
    if (!note || note->moved_count > 0) return;
    const auto again = enricher::decode_note(enricher::encode_note(note->state));
    SNOWLINE_CHECK(again && again->state == note->state);
    enricher::DedupeState state = note->state;
    state.advance(state.minute() + 1);
    for (const auto& [instance, seen] : note->state.noted()) {
        SNOWLINE_CHECK(!state.add(instance, seen.sequences.intervals().front().first));
    }
    state.move_what_does_not_fit(enricher::note_bytes_in(4096));
    SNOWLINE_CHECK(enricher::encode_note(state).size() <= 4096);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    judge_note(std::string(bytes));
    judge_note(text::encode_base64(bytes));
    if (const auto seen = enricher::decode_moved(bytes)) {
        SNOWLINE_CHECK(enricher::encode_moved(*seen) == bytes);
    }
    return 0;
}
