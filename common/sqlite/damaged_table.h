#pragma once

#include "common/sqlite/page_file.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace snowline::log::sqlite {

/// What cannot be read of a table: rows whose ids are in `first` to `last`. How many of these ids
/// had rows is not known.
struct Damage {
    std::uint32_t page = 0;
    std::int64_t first = std::numeric_limits<std::int64_t>::min();
    std::int64_t last = std::numeric_limits<std::int64_t>::max();
    std::string what{};
};

/// Reads the rows of tables with integer keys out of a damaged file: all rows of sound pages, also
/// of those that are below a damaged one. A changed byte inside of a value cannot be told. One
/// thread.
class DamagedTables {
public:
    using Value = std::variant<std::monostate, std::int64_t, std::string>;
    struct Row {
        std::int64_t id = 0;
        std::vector<Value> values{};  // of the columns; the key's own is monostate
    };
    using OnRow = std::function<void(Row row)>;
    /// Whether a row can be one of the table: the number and the types of its values.
    using IsRow = std::function<bool(const Row& row)>;

    /// `file` must outlive it.
    explicit DamagedTables(const PageFile& file);

    /// Calls `on_row` for what the tree below `root` has, in the order of ids.
    std::vector<Damage> read(std::uint32_t root, const IsRow& is_row, const OnRow& on_row);
    /// Calls `on_row` for the entries of an index, and of a table WITHOUT ROWID, in their order;
    /// its id is 0. False: not all could be read.
    bool read_index(std::uint32_t root, const OnRow& on_row);
    /// Calls `on_row` for rows on pages that are in use and that no tree read so far has: they were
    /// below a damaged page of `damage`, and have ids of its ranges. To be called once, when all
    /// trees were read. False: which pages are in use is not known, so nothing is read.
    bool read_rest(const std::vector<Damage>& damage, const IsRow& is_row, const OnRow& on_row);

private:
    struct Bounds {
        std::int64_t above = std::numeric_limits<std::int64_t>::min();  // exclusive but for it
        std::int64_t up_to = std::numeric_limits<std::int64_t>::max();
    };

    void walk(std::uint32_t number, Bounds bounds, int depth);
    void walk_interior(std::uint32_t number, const std::string& page, Bounds bounds, int depth);
    bool walk_index(std::uint32_t number, const OnRow& on_row, int depth);
    void read_leaf(std::uint32_t number, const std::string& page, Bounds bounds);
    std::optional<Row> read_cell(const std::string& page, std::size_t at);
    std::optional<std::vector<Value>> read_values_at(const std::string& page, std::size_t at,
                                                     std::uint64_t bytes, std::uint64_t here_max);
    std::optional<std::string> read_payload(const std::string& page, std::size_t at,
                                            std::uint64_t bytes, std::uint64_t here_max,
                                            std::set<std::uint32_t>& further) const;
    void lost(std::uint32_t page, Bounds bounds, std::string what);

    const PageFile& file_;
    std::set<std::uint32_t> seen_;  // pages of trees, and those on which their rows go on
    const IsRow* is_row_ = nullptr;
    const OnRow* on_row_ = nullptr;
    std::vector<Damage> damage_;
};

}  // namespace snowline::log::sqlite
