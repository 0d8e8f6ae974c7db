#include "enricher/outputs/row_writer.h"

#include "common/check.h"
#include "enricher/outputs/tsv.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

namespace snowline::enricher {
namespace {

constexpr std::size_t kEventFormats = 2;  // the first ones of Format

// Of the row's record, without its value.
std::size_t bytes_beside(const EventView& event, const Output& output) {
    std::size_t bytes = output.key && event.has(*output.key) ? event[*output.key].size() : 0;
    for (const Field field : output.headers) {
        if (event.has(field)) bytes += facts_of(field).name.size() + event[field].size();
    }
    return bytes + (output.stream == Stream::kFailed ? kOriginBytes : 0);
}

Row row_of(const EventView& event, OutputIndex index, const Output& output) {
    Row row{.output = index};
    if (output.key && event.has(*output.key)) row.key = event[*output.key];
    for (const Field field : output.headers) {
        if (!event.has(field)) continue;
        row.headers.push_back({std::string(facts_of(field).name), std::string(event[field])});
    }
    return row;
}

}  // namespace

Result<void, NotWritten> RowWriter::write(const EventView& event, Stream stream,
                                          std::uint32_t index, const Outputs& outputs,
                                          std::vector<Row>& rows) {
    const std::span<const OutputIndex> to = outputs.route(event, stream);
    std::array<std::optional<std::string>, kEventFormats> texts;
    const auto text_for = [&](OutputIndex output) -> std::optional<std::string>& {
        return texts[static_cast<std::size_t>(outputs[output].format)];
    };
    std::optional<OutputIndex> too_large;
    std::size_t bytes_max = 0;  // of that
    for (const OutputIndex at : to) {
        auto& text = text_for(at);
        if (!text) {
            auto written = text_of(event, outputs[at].format);
            if (!written) return unexpected(NotWritten(Unwritable{std::move(written.error())}));
            text = *std::move(written);
        }
        const bool is_largest = !too_large || text->size() >= text_for(*too_large)->size();
        const std::size_t fits = outputs.bytes_max(at, bytes_beside(event, outputs[at]));
        if (text->size() <= fits || !is_largest) continue;
        too_large = at;
        bytes_max = fits;
    }
    if (too_large) {
        return unexpected(
            NotWritten(TooLarge{.row = *std::move(text_for(*too_large)), .bytes_max = bytes_max}));
    }
    for (std::size_t i = 0; i < to.size(); ++i) {
        const Format format = outputs[to[i]].format;
        const auto rest = to.subspan(i + 1);
        const bool is_last = std::none_of(rest.begin(), rest.end(), [&](OutputIndex later) {
            return outputs[later].format == format;
        });
        auto& text = text_for(to[i]);
        Row& row = rows.emplace_back(row_of(event, to[i], outputs[to[i]]));
        row.index = index;
        row.value = is_last ? *std::move(text) : *text;
    }
    return {};
}

Result<std::string> RowWriter::text_of(const EventView& event, Format format) {
    switch (format) {
        case Format::kTsv:
            return tsv_row(event);
        case Format::kTypedJson:
            return typed_json_.write(event);
        case Format::kBadRow:
            break;
    }
    SNOWLINE_CHECK(false);
}

}  // namespace snowline::enricher
