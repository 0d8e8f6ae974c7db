#include "common/log/sqlite/damaged_log.h"

#include "common/log/sqlite/format.h"
#include "common/log/sqlite/record_codec.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>
#include <variant>

namespace snowline::log::sqlite {
namespace {

using Row = DamagedTables::Row;

// Where a new file's tables begin, which are made in one go; used where the schema is lost.
constexpr std::pair<const char*, std::uint32_t> kFirstRoots[] = {
    {"topic", 2}, {"sqlite_autoindex_topic_1", 3}, {"position", 4}, {"reading", 5}, {"record_1", 6},
};
constexpr std::string_view kRecords = "record_";

const std::int64_t* integer(const Row& row, std::size_t i) {
    return i < row.values.size() ? std::get_if<std::int64_t>(&row.values[i]) : nullptr;
}

const std::string* text(const Row& row, std::size_t i) {
    return i < row.values.size() ? std::get_if<std::string>(&row.values[i]) : nullptr;
}

bool is_null(const Row& row, std::size_t i) {
    return i < row.values.size() && std::holds_alternative<std::monostate>(row.values[i]);
}

bool is_schema(const Row& row) {
    return row.values.size() == 5 && text(row, 0) && text(row, 1) && text(row, 2) &&
           integer(row, 3);
}

bool is_topic(const Row& row) {
    return row.values.size() == 3 && is_null(row, 0) && text(row, 1) && integer(row, 2);
}

bool is_reading(const Row& row) {
    return row.values.size() == 1 && text(row, 0);
}

bool is_record(const Row& row) {
    return row.values.size() == 5 && row.id >= 0 && is_null(row, 0) && integer(row, 1) &&
           (text(row, 2) || is_null(row, 2)) && text(row, 3) && (text(row, 4) || is_null(row, 4));
}

Record record_of(Row row, const std::string& topic) {
    Record record{.topic = topic};
    record.offset = row.id;
    record.timestamp_ms = *integer(row, 1);
    if (auto* key = std::get_if<std::string>(&row.values[2])) record.key = std::move(*key);
    record.value = std::get<std::string>(std::move(row.values[3]));
    if (const auto* headers = text(row, 4)) record.headers = decode_headers(*headers);
    return record;
}

std::optional<std::int64_t> number_behind(std::string_view name, std::string_view prefix) {
    if (!name.starts_with(prefix)) return std::nullopt;
    std::int64_t number = 0;
    const char* const end = name.data() + name.size();
    const auto read = std::from_chars(name.data() + prefix.size(), end, number);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return number;
}

/// Offsets have no gaps but what was trimmed at the beginning. `rest`: of a damaged part, found all
/// the same.
LostOffsets lost_of(const Damage& damage, const std::set<std::int64_t>& rest, std::int64_t newest) {
    LostOffsets lost{.page = damage.page, .what = damage.what};
    lost.first = std::max<std::int64_t>(damage.first, 0);
    lost.is_open = damage.last > newest;
    lost.last = std::max(std::min(damage.last, newest), lost.first - 1);
    const auto found = std::distance(rest.lower_bound(lost.first), rest.upper_bound(lost.last));
    lost.records = static_cast<std::uint64_t>(lost.last - lost.first + 1 - found);
    return lost;
}

}  // namespace

DamagedLog::DamagedLog(PageFile file)
    : file_(std::make_unique<PageFile>(std::move(file))),
      tables_(std::make_unique<DamagedTables>(*file_)) {}

Result<DamagedLog, Failure> DamagedLog::open(const std::filesystem::path& file) {
    auto pages = PageFile::open(file);
    if (!pages) return unexpected(pages.error());
    DamagedLog log(std::move(*pages));
    log.read_schema();
    log.read_topics();
    log.read_groups();
    return log;
}

void DamagedLog::read_schema() {
    const auto damage = tables_->read(1, is_schema, [this](const Row& row) {
        roots_[*text(row, 1)] = static_cast<std::uint32_t>(*integer(row, 3));
    });
    if (damage.empty() && !roots_.empty()) return;
    for (const auto& [name, root] : kFirstRoots) roots_.try_emplace(name, root);
}

/// By the table; names that are lost there by its index.
void DamagedLog::read_topics() {
    (void)tables_->read(roots_["topic"], is_topic, [this](const Row& row) {
        topics_.push_back({.id = row.id, .name = *text(row, 1), .next_offset = *integer(row, 2)});
    });
    const auto known = [this](std::int64_t id) {
        return std::any_of(topics_.begin(), topics_.end(),
                           [&](const Topic& topic) { return topic.id == id; });
    };
    (void)tables_->read_index(roots_["sqlite_autoindex_topic_1"], [&](const Row& row) {
        const auto* name = text(row, 0);
        const auto* id = integer(row, 1);
        if (name && id && !known(*id)) topics_.push_back({.id = *id, .name = *name});
    });
    for (Topic& topic : topics_) {
        const auto root = roots_.find(table_of(topic.id));
        if (root != roots_.end()) topic.root = root->second;
    }
    for (const auto& [name, root] : roots_) {
        const auto id = number_behind(name, kRecords);
        if (id && !known(*id) && file_->page(root)) nameless_.push_back(*id);
    }
}

void DamagedLog::read_groups() {
    has_all_positions_ = tables_->read_index(roots_["position"], [this](const Row& row) {
        const bool is_position = text(row, 0) && text(row, 1) && integer(row, 2) && integer(row, 3);
        if (!is_position) return;
        const auto* note = text(row, 4);
        positions_.push_back({.group = *text(row, 0),
                              .topic = *text(row, 1),
                              .partition = static_cast<std::int32_t>(*integer(row, 2)),
                              .next_offset = *integer(row, 3),
                              .note = note ? *note : std::string()});
    });
    (void)tables_->read(roots_["reading"], is_reading,
                        [this](const Row& row) { reading_.push_back(*text(row, 0)); });
}

Result<std::vector<DamagedLog::Found>, Failure> DamagedLog::read(const OnRecord& on_record) {
    std::optional<Failure> failed;
    const auto use = [&](Found& found, Row row) {
        if (failed) return;
        ++found.records;
        found.newest = std::max(found.newest, row.id);
        if (auto used = on_record(found.topic, record_of(std::move(row), found.topic.name));
            !used) {
            failed = used.error();
        }
    };
    std::vector<Found> all;
    std::vector<std::vector<Damage>> damages;
    for (const Topic& topic : topics_) {
        Found& found = all.emplace_back(Found{.topic = topic});
        if (topic.root == 0) {
            damages.push_back({Damage{.what = "cannot be found"}});
        } else {
            damages.push_back(
                tables_->read(topic.root, is_record, [&](Row row) { use(found, std::move(row)); }));
        }
    }
    // Pages below a damaged one do not say which topic they are of.
    const auto is_damaged = [](const auto& damage) { return !damage.empty(); };
    std::set<std::int64_t> rest;
    if (std::count_if(damages.begin(), damages.end(), is_damaged) == 1) {
        const auto one = std::find_if(damages.begin(), damages.end(), is_damaged);
        Found& found = all[static_cast<std::size_t>(one - damages.begin())];
        (void)tables_->read_rest(*one, is_record, [&](Row row) {
            if (rest.insert(row.id).second) use(found, std::move(row));
        });
    }
    if (failed) return unexpected(*std::move(failed));
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const Damage& one : damages[i]) {
            all[i].lost.push_back(lost_of(one, rest, all[i].newest));
        }
    }
    return all;
}

}  // namespace snowline::log::sqlite
