#include "cli/schema/schema_text.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

namespace snowline::cli {

std::string schema_text(const std::string& name, iglu::IgluClient& client) {
    if (!name.starts_with("iglu:")) {
        std::ifstream in(name, std::ios::binary);
        if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", name));
        return {std::istreambuf_iterator<char>(in), {}};
    }
    const auto key = model::SchemaKey::parse(name);
    if (!key) throw std::runtime_error(fmt::format("{}: {}", name, model::name_of(key.error())));
    std::string why = "no registry has it";
    for (iglu::Registry* registry : client.resolver().order_for(key->vendor)) {
        auto text = registry->fetch(*key);
        if (text) return *std::move(text);
        if (!text.error().message.empty()) why = text.error().message;
    }
    throw std::runtime_error(fmt::format("{}: {}", name, why));
}

}  // namespace snowline::cli
