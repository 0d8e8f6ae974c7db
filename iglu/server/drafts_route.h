#pragma once

#include "common/http/message.h"
#include "iglu/server/permission.h"
#include "iglu/server/store.h"
#include "iglu/server/target.h"

namespace snowline::iglu::server {

/// Everything below `/api/drafts`: the list, one draft, putting one. `who` is the asker.
http::Response answer_drafts(Store& store, const http::Request& request, const Target& target,
                             const Permission& who);

}  // namespace snowline::iglu::server
