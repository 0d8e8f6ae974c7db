#include "common/log/sqlite/format.h"

namespace snowline::log::sqlite {

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
