#pragma once

#include <cstdint>

namespace paper {

// 128 bits: exact products of a price, a size and a tick value. __extension__ tells -Wpedantic that this is meant.
__extension__ using Wide = __int128;

std::int64_t saturate(Wide value);    // to the nearest int64
Wide divide_rounded(Wide a, Wide d);  // to the nearest integer, halves away from zero; d > 0

}  // namespace paper
