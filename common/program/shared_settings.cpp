#include "common/program/shared_settings.h"

#include "common/config/reader.h"

namespace snowline::program {

void read_shared(const config::Reader& snowline, SharedSettings& settings) {
    snowline.read("instance", settings.instance);
    log::sqlite::read_embedded(snowline, settings);
    log::kafka::read_topics(snowline.section("kafka"), settings.kafka);
    ops::read_admin(snowline.section("admin"), settings.admin);
    ops::read_log(snowline.section("log"), settings.log);
}

}  // namespace snowline::program
