#pragma once

#include <cstdio>
#include <cstdlib>

/// Stops the process when our own code is wrong. Always on; never reached by what a user sends.
#define SNOWLINE_CHECK(condition)                                                                  \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, #condition); \
            std::abort();                                                                          \
        }                                                                                          \
    } while (false)
