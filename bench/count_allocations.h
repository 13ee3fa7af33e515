#pragma once
#include <cstdint>

// How often operator new was called in this process so far.
[[nodiscard]] std::uint64_t allocations_so_far();
