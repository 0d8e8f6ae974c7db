#include "common/regex/pcre2_program.h"

#define PCRE2_CODE_UNIT_WIDTH 8

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <pcre2.h>

namespace snowline::text {
namespace {

using java_regex::Question;
using Outcome = JavaRegex::Outcome;

// This many characters of weight 1 take about as long as one call.
constexpr std::size_t kCharactersOfStep = 16;
// The same for characters compared with a group's text, maybe ignoring case.
constexpr std::size_t kComparedOfStep = 4;
// A new start of the match costs this many calls.
constexpr std::uint64_t kStepsOfBegin = 5;
// One item that runs over the whole text cannot be interrupted: it may exceed the steps this many
// times.
constexpr std::uint64_t kOverrun = 4;

struct FreeContext {
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct FreeData {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

// What a thread needs to match; reused, as it owns the memory of the last match.
struct Matcher {
    std::unique_ptr<pcre2_match_context, FreeContext> context{pcre2_match_context_create(nullptr)};
    // One pair: the position of the match is not used.
    std::unique_ptr<pcre2_match_data, FreeData> data{pcre2_match_data_create(1, nullptr)};
};

// The state of one call.
struct Walk {
    const std::vector<Pcre2Program::Item>& items;
    std::uint64_t steps_max;
    std::uint64_t steps = 0;
    std::size_t position = 0;  // in the text, at the last call
    std::uint32_t weight = 1;  // of the item that was entered there
};

std::uint64_t compared(const pcre2_callout_block& block, std::uint32_t group) {
    if (group == 0 || group >= block.capture_top) return 0;
    const PCRE2_SIZE first = block.offset_vector[2 * std::size_t{group}];
    const PCRE2_SIZE last = block.offset_vector[2 * std::size_t{group} + 1];
    return first == PCRE2_UNSET || last < first ? 0 : last - first;
}

// Called before PCRE2 enters an item. Backtracking covers the same distance as advancing did, so
// that counting both is harmless.
int on_item(pcre2_callout_block* block, void* data) {
    Walk& walk = *static_cast<Walk*>(data);
    const std::size_t here = block->current_position;
    const std::size_t walked = here > walk.position ? here - walk.position : walk.position - here;
    const Pcre2Program::Item& item = walk.items[block->pattern_position];
    const std::size_t ahead = std::min<std::size_t>(item.at_least, block->subject_length - here);
    const bool begins = (block->callout_flags & PCRE2_CALLOUT_STARTMATCH) != 0;
    walk.steps += (begins ? kStepsOfBegin : 1) + item.weight / 8 +
                  (walked * walk.weight + ahead * item.weight) / kCharactersOfStep +
                  compared(*block, item.refers_to) / kComparedOfStep;
    walk.position = here;
    walk.weight = item.weight;
    return walk.steps > walk.steps_max ? PCRE2_ERROR_CALLOUT : 0;
}

// Before each start PCRE2 searches for the character that a match must have last. It caches where
// that was, but not that a letter of either case was absent: it then searches to the end of the
// text each time, without a call.
bool looks_again_and_again(const pcre2_real_code_8* code, std::string_view pattern) {
    std::uint32_t known = 0, last = 0;
    pcre2_pattern_info(code, PCRE2_INFO_LASTCODETYPE, &known);
    pcre2_pattern_info(code, PCRE2_INFO_LASTCODEUNIT, &last);
    const std::uint32_t lower = last | 0x20U;
    if (known == 0 || lower < 'a' || lower > 'z') return false;
    const std::string both = fmt::format("[\\x{{{:x}}}\\x{{{:x}}}]", lower - 0x20U, lower);
    return pattern.find("(?i:") != std::string_view::npos ||
           pattern.find(both) != std::string_view::npos;
}

std::uint32_t number_in(std::string_view text) {
    std::uint32_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// `text` is an item as java_regex_write.h writes it: `[…]{3,5}+`, `\g{1}`, `(?:`.
Pcre2Program::Item measured(std::string_view text) {
    Pcre2Program::Item item;
    item.weight = static_cast<std::uint32_t>(1 + text.size() / 16);
    if (text.starts_with("\\g{")) item.refers_to = number_in(text.substr(3));
    const std::size_t class_end = text.rfind(']');
    if (text.starts_with('[') && class_end != std::string_view::npos &&
        text.substr(class_end).starts_with("]{")) {
        item.at_least = number_in(text.substr(class_end + 2));
    }
    return item;
}

}  // namespace

void Pcre2Program::FreeCode::operator()(pcre2_real_code_8* code) const {
    pcre2_code_free(code);
}

Pcre2Program::Pcre2Program(std::unique_ptr<pcre2_real_code_8, FreeCode> code)
    : code_(std::move(code)) {}

Result<std::unique_ptr<Pcre2Program>, std::string> Pcre2Program::compile(
    const std::string& pattern, const JavaRegex::Limits& limits) {
    int error = 0;
    PCRE2_SIZE offset = 0;
    constexpr std::uint32_t kOptions =
        PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT;
    std::unique_ptr<pcre2_real_code_8, FreeCode> code(
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), kOptions,
                      &error, &offset, nullptr));
    if (code && looks_again_and_again(code.get(), pattern)) {
        code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                 kOptions | PCRE2_NO_START_OPTIMIZE, &error, &offset, nullptr));
    }
    if (!code) {
        char message[256] = "";
        pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(message), sizeof message);
        return unexpected(std::string(message));
    }
    std::unique_ptr<Pcre2Program> program(new Pcre2Program(std::move(code)));
    program->limits_ = limits;
    program->measure_items(pattern);
    return program;
}

void Pcre2Program::measure_items(std::string_view pattern) {
    struct Measuring {
        std::string_view pattern;
        std::vector<Item>& items;
    } measuring{pattern, items_};
    items_.resize(pattern.size() + 1);
    pcre2_callout_enumerate(
        code_.get(),
        [](pcre2_callout_enumerate_block* block, void* data) {
            const auto& [whole, items] = *static_cast<const Measuring*>(data);
            items[block->pattern_position] =
                measured(whole.substr(block->pattern_position, block->next_item_length));
            return 0;
        },
        &measuring);
    for (const Item& item : items_) weight_max_ = std::max(weight_max_, item.weight);
}

JavaRegex::Answer Pcre2Program::run(std::string_view text, Question question,
                                    std::uint64_t steps_max) const {
    thread_local const Matcher kMatcher;
    Walk walk{.items = items_, .steps_max = std::min<std::uint64_t>(steps_max, limits_.steps_max)};
    if (text.size() * weight_max_ / kCharactersOfStep > limits_.steps_max * kOverrun) {
        return {Outcome::kLimit, 0};
    }
    pcre2_match_context* const context = kMatcher.context.get();
    // Items that are entered without a call (there should be none) are limited for each start.
    pcre2_set_match_limit(context, limits_.steps_max);
    pcre2_set_depth_limit(context, limits_.depth_max);
    pcre2_set_heap_limit(context, limits_.heap_kib_max);
    pcre2_set_callout(context, &on_item, &walk);
    const std::uint32_t anchors =
        question == Question::kFind ? 0 : PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    const int result =
        pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0,
                    anchors | PCRE2_NO_UTF_CHECK, kMatcher.data.get(), context);
    const auto steps = static_cast<std::uint32_t>(std::min<std::uint64_t>(walk.steps, UINT32_MAX));
    if (result >= 0) return {Outcome::kYes, steps};
    return {result == PCRE2_ERROR_NOMATCH ? Outcome::kNo : Outcome::kLimit, steps};
}

}  // namespace snowline::text
