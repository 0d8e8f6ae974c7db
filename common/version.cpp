#include "common/version.h"

namespace snowline {

const char* version() {
    return SNOWLINE_VERSION;
}

}  // namespace snowline
