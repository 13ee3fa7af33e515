#pragma once
// A trace and a why for a person, and as JSON.

#include <string>

#include "evidence/trace.h"

namespace rm {

[[nodiscard]] std::string text_of(const Trace& trace);
[[nodiscard]] std::string text_of(const Why& why);
[[nodiscard]] std::string json_of(const Trace& trace);
[[nodiscard]] std::string json_of(const Why& why);

}  // namespace rm
