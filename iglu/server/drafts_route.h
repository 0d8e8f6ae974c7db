#pragma once

#include "common/http/message.h"
#include "iglu/server/permission.h"
#include "iglu/server/store.h"
#include "iglu/server/target.h"

namespace snowline::iglu::server {

/// Answers requests below `/api/drafts`: the list, one draft, putting one. `who` is the sender.
http::Response answer_drafts(Store& store, const http::Request& request, const Target& target,
                             const Permission& who);

}  // namespace snowline::iglu::server
