#include "common/log/spool/damaged_spool.h"

#include "common/log/spool/number_set.h"
#include "common/log/sqlite/record_codec.h"
#include "common/sqlite/damaged_table.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace snowline::log::spool {
namespace {

using sqlite::Damage;
using Row = sqlite::DamagedTables::Row;

// The one table of the file is made first, so its tree begins on the second page.
constexpr std::uint32_t kRoot = 2;

bool is_entry(const Row& row) {
    const auto& values = row.values;
    const auto is_integer = [&](std::size_t i) {
        return std::holds_alternative<std::int64_t>(values[i]);
    };
    const auto is_bytes = [&](std::size_t i) {
        return std::holds_alternative<std::string>(values[i]);
    };
    const auto is_null = [&](std::size_t i) {
        return std::holds_alternative<std::monostate>(values[i]);
    };
    return values.size() == 7 && row.id > 0 && is_null(0) && is_integer(1) && is_bytes(2) &&
           is_integer(3) && (is_bytes(4) || is_null(4)) && is_bytes(5) &&
           (is_bytes(6) || is_null(6));
}

Entry entry_of(Row row) {
    Entry entry{.number = row.id};
    Record& record = entry.record;
    record.timestamp_ms = std::get<std::int64_t>(row.values[1]);
    record.topic = std::get<std::string>(std::move(row.values[2]));
    record.partition = static_cast<std::int32_t>(std::get<std::int64_t>(row.values[3]));
    if (auto* key = std::get_if<std::string>(&row.values[4])) record.key = std::move(*key);
    record.value = std::get<std::string>(std::move(row.values[5]));
    if (const auto* headers = std::get_if<std::string>(&row.values[6])) {
        record.headers = sqlite::decode_headers(*headers);
    }
    return entry;
}

Missing missing_of(const Damage& damage, const NumberSet& found, std::int64_t newest) {
    Missing missing{.page = damage.page, .what = damage.what};
    missing.first = std::max<std::int64_t>(damage.first, 1);
    missing.is_open = damage.last > newest;
    missing.last = std::max(std::min(damage.last, newest), missing.first - 1);
    for (std::int64_t number = missing.first; number <= missing.last; ++number) {
        if (!found.contains(number)) ++missing.numbers;
    }
    return missing;
}

}  // namespace

Result<Salvaged, Failure> read_damaged(
    const std::filesystem::path& file,
    const std::function<Result<void, Failure>(Entry entry)>& on_entry) {
    const auto pages = sqlite::PageFile::open(file);
    if (!pages) return unexpected(pages.error());
    sqlite::DamagedTables tables(*pages);
    Salvaged salvaged;
    NumberSet found;
    std::int64_t newest = 0;
    std::optional<Failure> failed;
    const auto use = [&](Row row) {
        if (failed || !found.insert(row.id)) return;
        newest = std::max(newest, row.id);
        if (auto used = on_entry(entry_of(std::move(row))); !used) {
            failed = used.error();
        } else {
            ++salvaged.records;
        }
    };
    const auto damage = tables.read(kRoot, is_entry, use);
    salvaged.is_partly_searched = !tables.read_rest(damage, is_entry, use);
    if (failed) return unexpected(*std::move(failed));
    for (const Damage& one : damage) salvaged.missing.push_back(missing_of(one, found, newest));
    return salvaged;
}

}  // namespace snowline::log::spool
