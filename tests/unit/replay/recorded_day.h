#pragma once
// A day of a random trader on a desk, recorded as the daemon records it: by the tape, into a real store.

#include <filesystem>
#include <string>

#include "support/random_day.h"

namespace rm::test {

// The configuration of that day, as YAML.
[[nodiscard]] std::string config_of(const LivedDay& day);

// Where stores are quick: nothing here is about what a disk does.
[[nodiscard]] std::filesystem::path quick_folder();

// Book and engine live through the day's events once more while it is recorded. Returns the number of decisions, all
// of them those of the desk (checked).
std::size_t record_day(const LivedDay& day, const std::filesystem::path& dir);

}  // namespace rm::test
