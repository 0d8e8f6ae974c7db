#pragma once

#include "common/config/limits.h"
#include "common/config/resolve.h"
#include "common/config/tree.h"

#include <string>
#include <string_view>

namespace snowline::config {

/// A variable of this process's environment.
std::optional<std::string> environment_variable(const std::string& name);

struct LoadOptions {
    Limits limits = {};
    Environment environment = environment_variable;
};

/// Reads a HOCON (or JSON) file with what it includes, and resolves it. Throws an Error that names
/// file, line and column. `include "name"` is looked for beside the file that includes it, without
/// a suffix also as name.conf, name.json and name.properties; `include file("name")` in the working
/// directory first.
Tree load_file(const std::string& path, const LoadOptions& options = {});

/// The same from a text; `origin` stands for the file's name, its folder for relative includes.
Tree load_text(std::string_view text, const std::string& origin, const LoadOptions& options = {});

/// What `--config` names: a file, or the text itself in base64.
Tree load_argument(const std::string& argument, const LoadOptions& options = {});

}  // namespace snowline::config
