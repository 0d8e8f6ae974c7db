#pragma once

#include "iglu/resolve/iglu_client.h"
#include "iglu/resolve/resolver_config.h"

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace snowline::cli {

/// The registries that a command asks: those of the command line first, then the configuration's,
/// and the built-in one.
struct IgluOptions {
    std::vector<std::string> registries;  // --iglu DIR|URL|BUNDLE
    std::string config_file;              // --iglu-config FILE
};

void add_iglu_options(CLI::App& app, IgluOptions& options);

/// The resolver's configuration from the options; `without_file` where no file is named. Throws
/// std::runtime_error that lists all errors of the file.
iglu::ResolverConfig resolver_config(const IgluOptions& options, iglu::ResolverConfig without_file);

/// Throws std::runtime_error that lists all errors.
std::unique_ptr<iglu::IgluClient> open_iglu(const IgluOptions& options,
                                            iglu::IgluClientOptions client_options = {});

}  // namespace snowline::cli
