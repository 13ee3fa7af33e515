#pragma once

#include <chrono>
#include <optional>

#include "paper_gateway/exchange/paper_time.h"

namespace paper {

// When trading stops on that date, by the holidays of US equity index futures: the time since its midnight in
// Chicago. Zero: the whole day is out, from 17:00 of its eve. Empty: an ordinary day.
std::optional<Nanos> holiday_close(std::chrono::sys_days date);

}  // namespace paper
