#include "enricher/dedupe/dedupe_codec.h"

#include "common/text/base64.h"

#include <algorithm>
#include <limits>

namespace snowline::enricher {
namespace {

constexpr char kFormat = 1;
constexpr std::size_t kUuidBytes = 16;

std::size_t number_bytes(std::uint64_t number) {
    std::size_t bytes = 1;
    while (number >>= 7) ++bytes;
    return bytes;
}

void write_number(std::uint64_t number, std::string& out) {
    for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
    out += static_cast<char>(number);
}

void write_fixed(std::uint64_t number, std::string& out) {
    for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(number >> shift);
}

template <class Take>
void for_each_number(const IntervalSet& set, Take&& take) {
    take(set.intervals().size());
    std::uint64_t end = 0;  // behind the last interval
    for (const auto& [first, last] : set.intervals()) {
        take(first - end);
        take(last - first);
        end = last + 1;
    }
}

void write_set(const IntervalSet& set, std::string& out) {
    for_each_number(set, [&](std::uint64_t number) { write_number(number, out); });
}

/// Reads from the front; after the first failure all reads fail.
class Input {
public:
    explicit Input(std::string_view bytes) : bytes_(bytes) {}

    bool has_failed() const { return failed_; }
    bool is_at_end() const { return bytes_.empty(); }
    std::size_t left() const { return bytes_.size(); }

    std::string_view take(std::size_t count) {
        if (count > bytes_.size()) return fail(), std::string_view();
        const auto taken = bytes_.substr(0, count);
        bytes_.remove_prefix(count);
        return taken;
    }

    std::uint64_t number(std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < bytes_.size() && i < 10; ++i) {
            const auto byte = static_cast<std::uint8_t>(bytes_[i]);
            const std::uint64_t bits = byte & 0x7F;
            if (i == 9 && bits > 1) break;
            value |= bits << (7 * i);
            if (byte & 0x80) continue;
            if ((i > 0 && byte == 0) || value > most) break;
            bytes_.remove_prefix(i + 1);
            return value;
        }
        fail();
        return 0;
    }

    std::uint64_t fixed() {
        const auto bytes = take(8);
        std::uint64_t value = 0;
        for (std::size_t i = bytes.size(); i-- > 0;) {
            value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
        }
        return value;
    }

    void fail() {
        failed_ = true;
        bytes_ = {};
    }

private:
    std::string_view bytes_;
    bool failed_ = false;
};

IntervalSet read_set(Input& in) {
    IntervalSet set;
    // Each takes at least two bytes, which bounds the memory that is reserved.
    const std::uint64_t count = in.number(in.left() / 2);
    std::uint64_t end = 0;
    for (std::uint64_t i = 0; i < count && !in.has_failed(); ++i) {
        const std::uint64_t first =
            end + in.number(log::kSequenceMax - std::min(end, log::kSequenceMax));
        const std::uint64_t last = first + in.number(log::kSequenceMax - first);
        if (in.has_failed() || !set.append({first, last})) {
            in.fail();
            break;
        }
        end = last + 1;
    }
    if (count == 0) in.fail();
    return set;
}

}  // namespace

std::size_t note_bytes_of(const SeenInstance& seen, std::uint32_t clock_minute) {
    std::size_t bytes = kUuidBytes + number_bytes(clock_minute - seen.minute);
    for_each_number(seen.sequences, [&](std::uint64_t number) { bytes += number_bytes(number); });
    return bytes;
}

std::string encode_note(const DedupeState& state) {
    if (state.is_empty()) return {};
    std::string out;
    out += kFormat;
    write_number(state.minute(), out);
    write_number(state.first_version(), out);
    write_number(state.last_version() - state.first_version(), out);
    write_number(state.moved().size(), out);
    write_fixed(state.version_sum(), out);
    for (const auto& [instance, seen] : state.noted()) {
        out.append(reinterpret_cast<const char*>(instance.data()), instance.size());
        write_number(state.minute() - seen.minute, out);
        write_set(seen.sequences, out);
    }
    return text::encode_base64(out);
}

std::optional<Note> decode_note(std::string_view text) {
    if (text.empty()) return Note{};
    const auto bytes = text::decode_base64(text);
    if (!bytes) return std::nullopt;
    Input in(*bytes);
    if (in.take(1) != std::string_view(&kFormat, 1)) return std::nullopt;
    const auto minute =
        static_cast<std::uint32_t>(in.number(std::numeric_limits<std::uint32_t>::max()));
    const std::uint64_t first = in.number(), written = in.number();
    Note note{.state = DedupeState(first)};
    note.moved_count = in.number(written);
    note.moved_version_sum = in.fixed();
    note.state.restore(minute, first + written);
    DedupeState::Instance previous{};
    while (!in.has_failed() && !in.is_at_end()) {
        DedupeState::Instance instance{};
        const auto uuid = in.take(kUuidBytes);
        std::copy(uuid.begin(), uuid.end(), instance.begin());
        SeenInstance seen;
        seen.minute = minute - static_cast<std::uint32_t>(in.number(minute));
        seen.sequences = read_set(in);
        const bool ascends = note.state.noted().empty() || previous < instance;
        if (in.has_failed() || !ascends) return std::nullopt;
        previous = instance;
        note.state.restore_noted(instance, std::move(seen));
    }
    const bool says_something =
        note.moved_count > 0 || (note.moved_version_sum == 0 && !note.state.is_empty());
    if (in.has_failed() || !says_something) return std::nullopt;
    return note;
}

std::string encode_moved(const SeenInstance& seen) {
    std::string out;
    out += kFormat;
    write_number(seen.version, out);
    write_number(seen.minute, out);
    write_set(seen.sequences, out);
    return out;
}

std::optional<SeenInstance> decode_moved(std::string_view bytes) {
    Input in(bytes);
    if (in.take(1) != std::string_view(&kFormat, 1)) return std::nullopt;
    SeenInstance seen;
    seen.version = in.number();
    seen.minute = static_cast<std::uint32_t>(in.number(std::numeric_limits<std::uint32_t>::max()));
    seen.sequences = read_set(in);
    if (in.has_failed() || !in.is_at_end() || seen.version == 0) return std::nullopt;
    return seen;
}

}  // namespace snowline::enricher
