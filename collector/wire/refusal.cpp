#include "collector/wire/refusal.h"

namespace snowline::collector::wire {

std::string Refusal::text() const {
    std::string out(row().text);
    const auto place = out.find("{}");
    if (place != std::string::npos) out.replace(place, 2, detail);
    return out;
}

}  // namespace snowline::collector::wire
