#include "common/ops/admin_settings.h"

#include "common/config/reader.h"

namespace snowline::ops {

void read_admin(const config::Reader& section, AdminSettings& settings) {
    section.read("interface", settings.interface);
    section.read("port", settings.port);
}

}  // namespace snowline::ops
