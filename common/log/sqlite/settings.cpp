#include "common/log/sqlite/settings.h"

#include "common/config/reader.h"

namespace snowline::log::sqlite {

void read_embedded(const config::Reader& snowline, EmbeddedSettings& settings) {
    snowline.read("data", settings.data);
}

}  // namespace snowline::log::sqlite
