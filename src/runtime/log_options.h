#pragma once
// The `log` section of the configuration, as the log wants it.

#include <filesystem>

#include "config/config.h"
#include "observe/log.h"

namespace rm {

// Where the log goes: `log.dir`, else in the data directory.
[[nodiscard]] std::filesystem::path log_dir(const LogConfig& config, const std::filesystem::path& data_dir);
[[nodiscard]] LogFormat format_of(LogConfig::Format format);
// `live`: the terminal shows what happens, and of the log its errors alone.
[[nodiscard]] LogOptions log_options(const LogConfig& config, const std::filesystem::path& data_dir, bool live);

}  // namespace rm
