#pragma once
#include <cstdint>

// How often operator new was called on this thread so far.
[[nodiscard]] std::uint64_t allocations_so_far();
