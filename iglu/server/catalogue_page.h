#pragma once

#include "common/http/message.h"
#include "iglu/server/permission.h"
#include "iglu/server/store.h"
#include "iglu/server/target.h"

namespace snowline::iglu::server {

/// Whether a request asks for the catalogue: `/catalogue…`, and `/` where HTML is wanted (who asks
/// the reference for `/` gets 404).
bool is_catalogue(const http::Request& request, const Target& target);

/// `/` and `/catalogue`: all schemas that the asker may see. `/catalogue/vendor/name/format`: one.
/// `/catalogue/login` asks for a key, which a browser then sends.
http::Response catalogue_page(Store& store, const Target& target, const Permission& who);

}  // namespace snowline::iglu::server
