#include "enricher/enrich/assets/settings.h"

#include "common/config/reader.h"

namespace snowline::enricher {

void read_assets(const config::Reader& root, AssetsSettings& settings) {
    root.read("assetsUpdatePeriod", settings.assets_update_period, config::Duration(1));
}

}  // namespace snowline::enricher
