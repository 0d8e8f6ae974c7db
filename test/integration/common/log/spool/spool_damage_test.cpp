#include "common/log/spool/damaged_spool.h"
#include "common/log/spool/spool.h"
#include "common/sqlite/set_aside.h"
#include "test/integration/common/log/damaged_file.h"
#include "test/integration/common/log/temporary_directory.h"

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace snowline::log::spool {
namespace {

using namespace std::chrono_literals;
using test::TemporaryDirectory;

constexpr int kRecords = 490;

template <class T>
T take(Result<T, Failure> result) {
    if (!result) FAIL(result.error().message);
    return std::move(*result);
}

std::string value_of(int name) {
    return std::to_string(name) + ":" + std::string(1500, static_cast<char>('a' + name % 26));
}

Record record(const std::string& value) {
    Record made{.topic = "raw", .value = value, .headers = {{"snowline-id", "u:0:" + value}}};
    made.partition = 0;
    made.timestamp_ms = 1'700'000'000'000;
    return made;
}

Result<std::int64_t, Failure> append(Spool& spool, const std::string& value) {
    std::promise<Result<std::int64_t, Failure>> answer;
    spool.append({.record = record(value),
                  .stored = [&](auto stored) { answer.set_value(std::move(stored)); }});
    return answer.get_future().get();
}

/// A spool that was closed in order, with records of which about two are on a page. Returns its
/// file.
std::filesystem::path make(const std::filesystem::path& directory, int records = kRecords) {
    const auto spool = take(open_spool(directory, {}));
    std::vector<std::promise<bool>> stored(static_cast<std::size_t>(records));
    for (int name = 0; name < records; ++name) {
        auto& done = stored[static_cast<std::size_t>(name)];
        spool->append({.record = record(value_of(name)),
                       .stored = [&done](auto number) { done.set_value(number.has_value()); }});
    }
    for (auto& one : stored) REQUIRE(one.get_future().get());
    return directory / "spool.db";
}

struct Read {
    Salvaged salvaged{};
    std::set<int> names{};
};

Read salvage(const std::filesystem::path& file) {
    Read read;
    read.salvaged = take(read_damaged(file, [&](const Entry& entry) -> Result<void, Failure> {
        const int name = std::stoi(entry.record.value);
        CHECK(entry.record.value == value_of(name));
        CHECK(entry.record.topic == "raw");
        CHECK(entry.record.headers.size() == 1);
        CHECK(entry.number == name + 1);
        CHECK(read.names.insert(name).second);
        return {};
    }));
    CHECK(read.names.size() == read.salvaged.records);
    return read;
}

/// The file is set aside, and another one takes records.
void check_goes_on(const std::filesystem::path& directory) {
    std::vector<std::string> lines;
    const auto spool = take(open_spool(
        directory, {.reports = [&](const std::string& line) { lines.push_back(line); }}));
    CHECK(spool->health() == Health::kTakes);
    CHECK(spool->level().records == 0);
    CHECK(spool->files_set_aside() == 1);
    CHECK(append(*spool, "1").has_value());
    CHECK(sqlite::files_set_aside(directory / "spool.db").size() == 1);
    CHECK(lines.size() >= 2);
}

bool until(const std::function<bool()>& is_true) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!is_true()) {
        if (std::chrono::steady_clock::now() >= deadline) return false;
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

std::multiset<std::string> all_of(const std::filesystem::path& directory) {
    std::multiset<std::string> values;
    for (std::int64_t after = 0;;) {
        const auto page = take(read_page(directory, after));
        if (page.empty()) return values;
        after = page.back().number;
        for (const Entry& entry : page) values.insert(entry.record.value);
    }
}

}  // namespace

TEST_CASE("a sound spool is read without SQLite as with it, also what is only in its WAL",
          "[spool]") {
    const TemporaryDirectory directory;
    const auto file = make(directory.path(), 40);
    const auto spool = take(open_spool(directory.path(), {}));
    CHECK(take(append(*spool, value_of(40))) == 41);
    std::string large = "41:" + std::string(100'000, 'x');  // goes on over many pages
    CHECK(take(append(*spool, large)) == 42);
    std::vector<std::string> values;
    const auto salvaged = take(read_damaged(file, [&](Entry entry) -> Result<void, Failure> {
        values.push_back(entry.record.value);
        return {};
    }));
    CHECK(salvaged.missing.empty());
    REQUIRE(values.size() == 42);
    CHECK(values[40] == value_of(40));
    CHECK(values[41] == large);
}

TEST_CASE("of a flipped page its records are missing, and no others", "[spool]") {
    const TemporaryDirectory directory;
    const auto file = make(directory.path());
    test::flip_page(file, test::pages_of(file) / 2);
    const Read read = salvage(file);
    REQUIRE(read.salvaged.missing.size() == 1);
    const Missing& missing = read.salvaged.missing.front();
    CHECK(missing.page == test::pages_of(file) / 2);
    CHECK_FALSE(missing.is_open);
    CHECK(missing.numbers >= 1);
    CHECK(missing.numbers <= 3);
    CHECK(read.salvaged.records + missing.numbers == kRecords);
    check_goes_on(directory.path());
}

TEST_CASE("of a file that was cut the first part is read", "[spool]") {
    const TemporaryDirectory directory;
    const auto file = make(directory.path());
    std::filesystem::resize_file(file, test::pages_of(file) / 2 * test::kPageBytes + 1000);
    const Read read = salvage(file);
    CHECK(read.salvaged.records > kRecords / 2 - 10);
    CHECK(read.salvaged.records < kRecords / 2 + 10);
    REQUIRE_FALSE(read.salvaged.missing.empty());
    CHECK(read.salvaged.missing.front().what == "was cut off");
    check_goes_on(directory.path());
}

TEST_CASE("without its header a spool's records are all there", "[spool]") {
    const TemporaryDirectory directory;
    const auto file = make(directory.path());
    SECTION("the header is zero") {
        test::overwrite(file, 0, std::string(100, '\0'));
    }
    SECTION("the first page is zero") {
        test::zero_page(file, 1);
    }
    SECTION("the first page is another text") {
        test::flip_page(file, 1);
    }
    const Read read = salvage(file);
    CHECK(read.salvaged.records == kRecords);
    CHECK(read.salvaged.missing.empty());
    check_goes_on(directory.path());
}

TEST_CASE("pages below a damaged one are found, but not those that are unused", "[spool]") {
    const TemporaryDirectory directory;
    const auto file = make(directory.path());
    {
        const auto spool = take(open_spool(directory.path(), {}));
        for (const Entry& entry : take(spool->take({.records_max = 100}))) {
            spool->remove(entry.number);
        }
        REQUIRE(until([&] { return spool->level().records == kRecords - 100; }));
    }
    test::zero_page(file, 2);
    const Read read = salvage(file);
    CHECK(read.salvaged.records == kRecords - 100);
    CHECK_FALSE(read.names.contains(99));
    CHECK(read.names.contains(100));
    REQUIRE(read.salvaged.missing.size() == 1);
    CHECK(read.salvaged.missing.front().is_open);
    CHECK_FALSE(read.salvaged.is_partly_searched);
    check_goes_on(directory.path());
}

TEST_CASE("a file of nothing that belongs to a spool is set aside, too", "[spool]") {
    const TemporaryDirectory directory;
    std::ofstream(directory.path() / "spool.db") << std::string(10'000, 'x');
    CHECK(salvage(directory.path() / "spool.db").salvaged.records == 0);
    check_goes_on(directory.path());
}

TEST_CASE("files that are set aside in the same second have names of their own", "[spool]") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "spool.db";
    for (const char* name :
         {"spool.broken-20261128T191331Z.db", "spool.broken-20261128T191331Z-2.db"}) {
        std::ofstream(file) << name;
        std::ofstream(file.string() + "-wal") << name;
        const auto aside = take(sqlite::set_aside(file, 1'795'893'211'987));
        CHECK(aside.filename() == name);
        CHECK(std::filesystem::exists(aside.string() + "-wal"));
    }
    CHECK(sqlite::files_set_aside(file).size() == 2);
}

TEST_CASE("a file that breaks while the spool has it open is set aside", "[spool]") {
    const TemporaryDirectory directory;
    const auto file = make(directory.path(), 4000);  // more than SQLite keeps in memory
    const auto spool = take(open_spool(directory.path(), {}));
    REQUIRE(spool->level().records == 4000);
    for (std::uint64_t page = 3; page < test::pages_of(file); ++page) test::flip_page(file, page);
    REQUIRE(until([&] { return !spool->take({}).has_value(); }));
    REQUIRE(until([&] { return spool->health() == Health::kTakes; }));
    CHECK(spool->files_set_aside() == 1);
    CHECK(spool->level().records == 0);
    CHECK(take(append(*spool, "1")) == 4001);
    spool->remove(1);  // the log has acknowledged it meanwhile
    spool->release(2);
    CHECK(take(append(*spool, "2")) == 4002);
    CHECK(spool->level().records == 2);
    CHECK(take(spool->take({})).size() == 2);
}

TEST_CASE("nothing that is acknowledged is in a file that was moved or deleted", "[spool]") {
    const TemporaryDirectory parent;
    const auto directory = parent.path() / "spool", file = directory / "spool.db";
    auto spool = take(open_spool(directory, {}));
    std::multiset<std::string> acknowledged;
    for (int name = 0; name < 5; ++name) {
        take(append(*spool, value_of(name)));
        acknowledged.insert(value_of(name));
    }
    std::size_t set_aside = 0;
    SECTION("the file") {
        std::filesystem::remove(file);
    }
    SECTION("its WAL") {
        std::filesystem::remove(file.string() + "-wal");
    }
    SECTION("all") {
        std::filesystem::remove_all(directory);
    }
    SECTION("the directory is another one") {
        std::filesystem::rename(directory, parent.path() / "elsewhere");
    }
    SECTION("another file is in its place") {
        std::filesystem::remove(file);
        std::ofstream(file) << "another";
        set_aside = 1;
    }
    for (int name = 5; name < 60; ++name) {
        if (append(*spool, value_of(name))) acknowledged.insert(value_of(name));
    }
    REQUIRE(until([&] { return append(*spool, value_of(60)).has_value(); }));
    acknowledged.insert(value_of(60));
    CHECK(spool->level().records == acknowledged.size());
    spool.reset();
    CHECK(all_of(directory) == acknowledged);
    CHECK(sqlite::files_set_aside(file).size() == set_aside);
}

TEST_CASE("a spool whose disk takes nothing opens, and takes records when it does", "[spool]") {
    const TemporaryDirectory directory;
    // In the place of the WAL, so that the file cannot be opened.
    std::filesystem::create_directories(directory.path() / "spool.db-wal" / "x");
    const auto spool = take(open_spool(directory.path(), {.reopen_after = 20ms}));
    CHECK(spool->health() == Health::kFailing);
    CHECK_THAT(spool->trouble(), Catch::Contains("spool.db"));
    const auto refused = append(*spool, "1");
    REQUIRE_FALSE(refused.has_value());
    CHECK_THAT(refused.error().message, Catch::Contains(spool->trouble()));
    std::filesystem::remove_all(directory.path() / "spool.db-wal");
    REQUIRE(until([&] { return spool->health() == Health::kTakes; }));
    CHECK(spool->trouble().empty());
    CHECK(append(*spool, "1").has_value());
}

}  // namespace snowline::log::spool
