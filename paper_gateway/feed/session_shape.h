#pragma once
// How busy a futures market is through its day, and what time it is in Chicago.
#include <cstdint>

namespace paper {

// Seconds since midnight in Chicago (US Central with its daylight-saving rules since 2007) at a Unix time.
std::int32_t chicago_second_of_day(std::int64_t unix_ns);

// Events relative to an average regular-hours minute, in thousandths: rush at the 08:30 CT opening, lull at lunch,
// second rush into the 15:00 close, thin overnight. Always > 0: the feed never stops, so it can be used at any hour.
std::int32_t session_intensity_permille(std::int32_t chicago_second);

}  // namespace paper
