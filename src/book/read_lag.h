#pragma once
#include "domain/time.h"

namespace rm {

// REST reads may lag the stream by some seconds: one that contradicts what the stream said less than this before the
// read was requested is not believed yet.
inline constexpr Duration kReadLag = std::chrono::seconds{2};

}  // namespace rm
