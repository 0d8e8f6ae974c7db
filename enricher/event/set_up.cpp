#include "enricher/event/set_up.h"

#include "common/check.h"
#include "common/json/parse.h"
#include "common/text/base64.h"
#include "common/text/time.h"
#include "enricher/event/convert.h"
#include "enricher/event/decimal.h"
#include "enricher/event/tracker_fields.h"
#include "enricher/load/charset.h"

#include <algorithm>
#include <bitset>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

// Overrides all other network user ids, so it is applied last.
constexpr std::string_view kLastParameter = "tnuid";

EnrichmentFailure input_failure(std::string_view field, std::string_view value,
                                std::string expectation) {
    return {.enrichment = std::nullopt,
            .message = InputData{std::string(field), std::string(value), std::move(expectation)}};
}

// Cleans the collector's user agent as the reference does: other control characters are kept.
std::string_view clean_user_agent(std::string_view text, json::Arena& arena) {
    const auto is_changed = [](char c) { return c == '\r' || c == '\n' || c == '\t'; };
    if (std::none_of(text.begin(), text.end(), is_changed)) return text;
    std::string out;
    for (const char c : text) {
        if (c == '\t')
            out += "    ";
        else if (c != '\r' && c != '\n')
            out += c;
    }
    return arena.copy(out);
}

// ISO 8601 with milliseconds, of any year.
std::string iso_text(std::string_view tstamp) {
    std::string out(tstamp);
    std::replace(out.begin(), out.end(), ' ', 'T');
    return out + "Z";
}

class SetUp {
public:
    SetUp(const RawEvent& raw, const Payload& payload, const EventStart& start, json::Arena& arena)
        : raw_(raw), payload_(payload), start_(start), arena_(arena) {}

    EventSetUp run() {
        begin();
        apply_all(raw_.parameters);
        if (again_in_order_) {
            begin();
            apply_all(raw_.parameters.in_reference_order());
        }
        return std::move(out_);
    }

private:
    void begin();
    void set_collector_tstamp();
    template <class List>
    void apply_all(const List& parameters);
    void apply(const Parameter& parameter);
    void apply_column(const TrackerField& to, std::string_view text);
    void apply_dimensions(const TrackerField& to, std::string_view text);
    void apply_json(const TrackerField& to, std::string_view text, std::string_view shown);
    Converted convert(const TrackerField& to, std::string_view text);
    Converted convert_address(std::string_view text);
    void fail(const TrackerField& to, std::string_view text, std::string expectation);

    const RawEvent& raw_;
    const Payload& payload_;
    const EventStart& start_;
    json::Arena& arena_;
    EventSetUp out_;
    std::bitset<kFieldCount> applied_;
    // Failures, and two parameters for one column, depend on the order of the reference's map. Only
    // such events are set up a second time, in that order.
    bool again_in_order_ = false;
};

void SetUp::begin() {
    out_ = {};
    applied_.reset();
    EnrichedEvent& event = out_.event;
    // The reference does not clean this one, so that it can break the row.
    if (payload_.collector) {
        event.set(Field::kVCollector, tsv_safe(*payload_.collector, arena_));
    }
    event.set(Field::kVEtl, start_.v_etl);
    event.set(Field::kEtlTstamp, start_.etl_tstamp);
    event.set(Field::kNetworkUserid, raw_.sender.network_user_id);
    if (raw_.sender.ip_address) {
        const auto address = convert_address(*raw_.sender.ip_address);
        if (address) {
            event.set(Field::kUserIpaddress, *address);
        } else {
            out_.failures.push_back(
                input_failure("user_ipaddress", *raw_.sender.ip_address, address.error()));
        }
    }
    if (raw_.sender.user_agent) {
        event.set(Field::kUseragent, clean_user_agent(*raw_.sender.user_agent, arena_));
    }
    set_collector_tstamp();
}

void SetUp::set_collector_tstamp() {
    constexpr std::string_view kColumn = "collector_tstamp";
    if (!raw_.sender.timestamp_ms) {
        out_.failures.push_back(
            {std::nullopt, InputData{std::string(kColumn), std::nullopt, "should be set"}});
        return;
    }
    const auto text = timestamp_text(*raw_.sender.timestamp_ms, arena_);
    if (text) {
        out_.event.set(Field::kCollectorTstamp, *text);
        return;
    }
    const std::string tstamp(text::format_tstamp(*raw_.sender.timestamp_ms));
    out_.failures.push_back(
        input_failure(kColumn, iso_text(tstamp),
                      fmt::format("formatted as {} is not Redshift-compatible", tstamp)));
}

template <class List>
void SetUp::apply_all(const List& parameters) {
    const Parameter* last = nullptr;
    for (const Parameter& parameter : parameters) {
        if (parameter.name == kLastParameter)
            last = &parameter;
        else
            apply(parameter);
    }
    if (last != nullptr) {
        applied_.reset(index_of(Field::kNetworkUserid));
        apply(*last);
    }
}

void SetUp::apply(const Parameter& parameter) {
    if (!parameter.value) return;
    const TrackerField* to = tracker_field(parameter.name);
    if (to == nullptr) return;
    again_in_order_ = again_in_order_ || applied_.test(index_of(to->field));
    applied_.set(index_of(to->field));
    const std::string_view text = *parameter.value;
    switch (to->conversion) {
        case Conversion::kDimensions:
            return apply_dimensions(*to, text);
        case Conversion::kJson:
            return apply_json(*to, text, text);
        case Conversion::kBase64Json: {
            char* out = arena_.allocate_array<char>(text::decoded_size_max(text.size()));
            const char* end = text::decode_base64_lenient(text, out);
            const std::string_view decoded(out, static_cast<std::size_t>(end - out));
            return apply_json(*to, decode(decoded, Charset::kUtf8, arena_), text);
        }
        default:
            return apply_column(*to, text);
    }
}

void SetUp::apply_column(const TrackerField& to, std::string_view text) {
    const Converted converted = convert(to, text);
    if (converted)
        out_.event.set(to.field, *converted);
    else
        fail(to, text, converted.error());
}

Converted SetUp::convert(const TrackerField& to, std::string_view text) {
    switch (to.conversion) {
        case Conversion::kText:
            return text_value(text, arena_);
        case Conversion::kAddress:
            return convert_address(text);
        case Conversion::kEventType:
            return convert_event_type(text);
        case Conversion::kPlatform:
            return convert_platform(text);
        case Conversion::kInt:
            return convert_int(text, arena_);
        case Conversion::kDecimal:
            return convert_decimal(text, arena_);
        case Conversion::kFlag:
            return convert_flag(text);
        case Conversion::kUuid:
            return convert_uuid(text, arena_);
        case Conversion::kTimestamp:
            return convert_timestamp(text, arena_);
        case Conversion::kDimensions:
        case Conversion::kJson:
        case Conversion::kBase64Json:
            break;
    }
    SNOWLINE_CHECK(false);
    return std::nullopt;
}

// The reference throws where there are only separators, which makes the record a generic_error.
Converted SetUp::convert_address(std::string_view text) {
    const auto first = first_address(text);
    if (!first) return unexpected(std::string("contains no IP address"));
    return text_value(*first, arena_);
}

void SetUp::apply_dimensions(const TrackerField& to, std::string_view text) {
    const auto dimensions = convert_dimensions(text, arena_);
    if (!dimensions) return fail(to, text, dimensions.error());
    out_.event.set(to.field, dimensions->width);
    out_.event.set(kFields[index_of(to.field) + 1].field, dimensions->height);
}

void SetUp::apply_json(const TrackerField& to, std::string_view text, std::string_view shown) {
    const auto parsed = json::parse(text, arena_);
    if (!parsed) return fail(to, shown, "invalid json: " + parsed.error().message);
    (to.field == Field::kContexts ? out_.contexts : out_.unstruct_event) = *parsed;
}

void SetUp::fail(const TrackerField& to, std::string_view text, std::string expectation) {
    again_in_order_ = true;
    out_.failures.push_back(input_failure(to.parameter, text, std::move(expectation)));
}

}  // namespace

EventSetUp set_up_event(const RawEvent& raw, const Payload& payload, const EventStart& start,
                        json::Arena& arena) {
    return SetUp(raw, payload, start, arena).run();
}

}  // namespace snowline::enricher
