#pragma once
// What the data directory remembers: is it whole, and what would the next start take from it?

#include <filesystem>

#include "doctor/examination.h"
#include "doctor/running_daemon.h"

namespace rm {

// "database": every page is sound and the schema is known. "locks": locks, unfinished enforcements and the
// configuration in force can be read, the journal included. Without a daemon this is tried out for real, on a copy.
void examine_kept_state(const std::filesystem::path& data_dir, const RunningDaemon& daemon, Examination& examination);

}  // namespace rm
