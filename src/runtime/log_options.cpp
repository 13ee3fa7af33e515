#include "runtime/log_options.h"

namespace rm {
namespace {

Level level_of(LogConfig::Level level) {
  switch (level) {
    case LogConfig::Level::Trace:
      return Level::Trace;
    case LogConfig::Level::Debug:
      return Level::Debug;
    case LogConfig::Level::Info:
      return Level::Info;
    case LogConfig::Level::Warn:
      return Level::Warning;
    case LogConfig::Level::Error:
      return Level::Error;
  }
  return Level::Info;
}

}  // namespace

std::filesystem::path log_dir(const LogConfig& config, const std::filesystem::path& data_dir) {
  return config.dir.empty() ? data_dir / "log" : std::filesystem::path{config.dir};
}

LogFormat format_of(LogConfig::Format format) {
  switch (format) {
    case LogConfig::Format::Json:
      return LogFormat::Json;
    case LogConfig::Format::Text:
      return LogFormat::Text;
    case LogConfig::Format::Both:
      return LogFormat::Both;
  }
  return LogFormat::Both;
}

LogOptions log_options(const LogConfig& config, const std::filesystem::path& data_dir, bool live) {
  LogOptions options;
  options.dir = log_dir(config, data_dir);
  options.level = level_of(config.level);
  options.rotate_bytes = static_cast<std::uint64_t>(config.rotate_mb) << 20;
  options.keep = static_cast<std::size_t>(config.keep);
  options.format = format_of(config.format);
  options.stderr_level = live ? Level::Error : Level::Info;
  return options;
}

}  // namespace rm
