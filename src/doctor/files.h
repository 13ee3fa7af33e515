#pragma once
// Directories and files: there, writable, nobody else's business.

#include <filesystem>
#include <string>

#include "config/config.h"
#include "doctor/examination.h"
#include "doctor/running_daemon.h"

namespace rm {

// "data_directory": can be written or made, has room, and its socket's path is short enough.
void examine_data_directory(const std::filesystem::path& data_dir, Examination& examination);
// "log": a line goes through the log into its directory and is read back, in a folder that is removed again; what is
// there can be written.
void examine_log(const LogConfig& log, const std::filesystem::path& data_dir, const RunningDaemon& daemon,
                 Examination& examination);
// "permissions": what others could read or change. `config` may be null.
void examine_permissions(const Config* config, const std::string& config_file, const std::filesystem::path& data_dir,
                         Examination& examination);

}  // namespace rm
