#include "common/log/spool/spool.h"
#include "common/log/spool/spool_file.h"
#include "test/integration/common/log/recording_vfs.h"
#include "test/integration/common/log/temporary_directory.h"

#include <algorithm>
#include <fstream>
#include <future>
#include <map>
#include <random>
#include <set>

#include <catch2/catch.hpp>

namespace snowline::log::spool {
namespace {

using snowline::test::CrashingDisk;
using snowline::test::FileOp;
using snowline::test::RecordingVfs;
using test::TemporaryDirectory;

constexpr int kSeeds = 2000;
constexpr int kAppends = 260;

/// Any record's bytes follow from its name, so that a test knows one that was not given.
std::string value_of(int name) {
    std::mt19937 random(static_cast<unsigned>(name));
    std::string value = std::to_string(name) + ":";
    value.resize(value.size() + random() % 6000, static_cast<char>('a' + random() % 26));
    return value;
}

Record record_of(int name) {
    Record record{.topic = "raw", .key = std::to_string(name), .value = value_of(name)};
    record.partition = name % 7;
    record.timestamp_ms = 1 + name;
    return record;
}

/// Marks in the recording: +name, stored for certain; -name, its removal was asked for.
std::vector<FileOp> record_a_run(unsigned seed) {
    const TemporaryDirectory directory(TemporaryDirectory::in_memory());
    RecordingVfs vfs;
    std::mt19937 random(seed);
    {
        auto spool = open_spool(directory.path(), {});
        REQUIRE(spool.has_value());
        std::map<std::int64_t, int> names;  // by number
        std::mutex mutex;
        for (int name = 1; name <= kAppends;) {
            std::vector<std::future<void>> group;
            const int size = 1 + static_cast<int>(random() % 4);
            for (int i = 0; i < size && name <= kAppends; ++i, ++name) {
                auto done = std::make_shared<std::promise<void>>();
                group.push_back(done->get_future());
                (*spool)->append(
                    {.record = record_of(name), .stored = [&, name, done](auto number) {
                         if (number) {
                             vfs.mark(name);
                             const std::lock_guard lock(mutex);
                             names[*number] = name;
                         }
                         done->set_value();
                     }});
            }
            for (auto& one : group) one.get();
            if (random() % 8 != 0) continue;
            const auto taken = (*spool)->take({.records_max = 1 + random() % 20});
            REQUIRE(taken.has_value());
            for (const Entry& entry : *taken) {
                const std::lock_guard lock(mutex);
                vfs.mark(-names.at(entry.number));
                (*spool)->remove(entry.number);
            }
        }
    }
    return vfs.ops();
}

std::vector<Entry> recover(const std::filesystem::path& directory) {
    auto file = SpoolFile::open(directory, SpoolFile::Mode::kWrite);
    if (!file) FAIL(file.error().message);
    auto entries = file->read(0, {.records_max = 10'000, .bytes_max = 1 << 30},
                              [](std::int64_t) { return true; });
    if (!entries) FAIL(entries.error().message);
    // It goes on.
    REQUIRE(file->begin().has_value());
    REQUIRE(file->append(1'000'000, record_of(1)).has_value());
    REQUIRE(file->commit().has_value());
    return std::move(*entries);
}

struct Expected {
    std::set<int> stored, removing;
};

/// What is wrong with what was found; empty where nothing is.
std::string judge(const std::vector<Entry>& found, const Expected& expected) {
    std::set<int> names;
    for (const Entry& entry : found) {
        const int name = std::atoi(entry.record.key.value_or("0").c_str());
        const Record given = record_of(name);
        if (name < 1 || name > kAppends || entry.record.value != given.value ||
            entry.record.partition != given.partition ||
            entry.record.timestamp_ms != given.timestamp_ms) {
            return "invented: " + std::to_string(name);
        }
        if (!names.insert(name).second) return "twice: " + std::to_string(name);
    }
    for (const int name : expected.stored) {
        if (!names.contains(name) && !expected.removing.contains(name)) {
            return "lost: " + std::to_string(name);
        }
    }
    return {};
}

}  // namespace

TEST_CASE("whenever the power goes, every record that was stored is there, and nothing else",
          "[spool]") {
    const auto ops = record_a_run(7);
    // A checkpoint is where most can go wrong: the run has to have some.
    const auto syncs_of_file = std::count_if(ops.begin(), ops.end(), [](const FileOp& op) {
        return op.kind == FileOp::Kind::kSync && op.file == "spool.db";
    });
    REQUIRE(syncs_of_file >= 3);
    INFO(ops.size() << " operations");

    std::mt19937_64 random(11);
    std::vector<std::size_t> moments;
    for (int seed = 0; seed < kSeeds; ++seed) moments.push_back(random() % (ops.size() + 1));
    std::sort(moments.begin(), moments.end());

    const TemporaryDirectory directory(TemporaryDirectory::in_memory());
    CrashingDisk disk;
    Expected expected;
    std::size_t done = 0;
    int judged = 0;
    for (const std::size_t moment : moments) {
        for (; done < moment; ++done) {
            const FileOp& op = ops[done];
            disk.apply(op);
            if (op.kind != FileOp::Kind::kMark) continue;
            if (op.offset > 0) expected.stored.insert(static_cast<int>(op.offset));
            if (op.offset < 0) expected.removing.insert(static_cast<int>(-op.offset));
        }
        for (const char* name : {"spool.db", "spool.db-wal", "spool.db-shm", "spool.db-journal"}) {
            std::filesystem::remove(directory.path() / name);
        }
        for (const auto& [name, content] : disk.crash(random)) {
            std::ofstream(directory.path() / name, std::ios::binary) << content;
        }
        const std::string wrong = judge(recover(directory.path()), expected);
        if (!wrong.empty()) FAIL("crash after operation " << moment << ": " << wrong);
        ++judged;
    }
    CHECK(judged == kSeeds);
    CHECK(expected.stored.size() > 200);
}

}  // namespace snowline::log::spool
