#include "common/log/sqlite/format.h"

namespace snowline::log::sqlite {

std::string create_tables() {
    return "BEGIN IMMEDIATE;"
           "CREATE TABLE topic(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
           " next_offset INTEGER NOT NULL);"
           "CREATE TABLE position(hop TEXT NOT NULL, topic TEXT NOT NULL,"
           " partition INTEGER NOT NULL, next_offset INTEGER NOT NULL,"
           " note TEXT NOT NULL DEFAULT '',"
           " PRIMARY KEY(hop, topic, partition)) WITHOUT ROWID;"
           "CREATE TABLE reading(hop TEXT NOT NULL);"
           "PRAGMA application_id=" +
           std::to_string(kApplicationId) + ";PRAGMA user_version=" + std::to_string(kVersion) +
           ";COMMIT;";
}

std::string create_topic_table(std::int64_t topic_id) {
    return "CREATE TABLE " + table_of(topic_id) +
           "(offset INTEGER PRIMARY KEY, time INTEGER NOT NULL,"
           " key BLOB, value BLOB NOT NULL, headers BLOB)";
}

Failure told_to_repair(Failure failure, const std::filesystem::path& directory) {
    if (failure.reason != Reason::kBroken) return failure;
    failure.message += "; `snowline log repair " + directory.string() +
                       "` keeps what can be read, and its offsets";
    return failure;
}

Result<std::int64_t, Failure> read_version(Database& database) {
    const auto version = database.query_integer("PRAGMA user_version");
    if (!version || *version == kVersion) return version;
    const auto application = database.query_integer("PRAGMA application_id");
    if (!application) return application;
    const auto objects = database.query_integer("SELECT count(*) FROM sqlite_schema");
    if (!objects) return objects;
    if (*version == 0 && *application == 0 && *objects == 0) return 0;
    return unexpected(Failure{
        Reason::kRefused,
        *application == kApplicationId
            ? "the embedded log has format " + std::to_string(*version) + ", this program reads " +
                  std::to_string(kVersion) + "; use the program that wrote it, or a new directory"
            : "a database of another program is in the place of the embedded log; use a new "
              "directory"});
}

}  // namespace snowline::log::sqlite
