#pragma once

#include "common/http/message.h"
#include "iglu/server/permission.h"
#include "iglu/server/store.h"
#include "iglu/server/target.h"

namespace snowline::iglu::server {

/// Whether a request asks for the catalogue: `/catalogue…`, and `/` where the client accepts HTML
/// (the reference answers `/` with 404).
bool is_catalogue(const http::Request& request, const Target& target);

/// `/` and `/catalogue`: all schemas that `who` may read. `/catalogue/vendor/name/format`: one.
/// `/catalogue/login` makes the browser ask for a key.
http::Response catalogue_page(Store& store, const Target& target, const Permission& who);

}  // namespace snowline::iglu::server
