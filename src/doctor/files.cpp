#include "doctor/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

#include "config/logins.h"
#include "control/paths.h"
#include "domain/result.h"
#include "observe/log.h"
#include "runtime/log_options.h"

namespace rm {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMiB = 1ULL << 20;
constexpr std::uint64_t kLeastFree = 50 * kMiB, kLittleFree = 500 * kMiB;  // the journal alone prepares 16 MiB
constexpr std::size_t kLongestSocketPath = 107;
constexpr std::string_view kToDoWritable = "its owner and permissions, a read-only disk; or choose another directory";

std::string probe_name(const fs::path& dir) {
  return (dir / fmt::format(".risk-manager-doctor-{}", ::getpid())).string();
}

// Why no file of ours can be written in `dir`; empty: it can.
std::string why_not_writable(const fs::path& dir) {
  const std::string probe = probe_name(dir);
  const int fd = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return std::strerror(errno);
  const bool written = ::write(fd, "doctor\n", 7) == 7 && ::fsync(fd) == 0;
  const int why = errno;
  ::close(fd);
  ::unlink(probe.c_str());
  return written ? std::string{} : std::strerror(why);
}

// Why no directory can be made in `dir`.
std::string why_not_makable(const fs::path& dir) {
  const std::string probe = probe_name(dir);
  if (::mkdir(probe.c_str(), 0700) != 0) return std::strerror(errno);
  ::rmdir(probe.c_str());
  return {};
}

fs::path nearest_existing(fs::path path) {
  std::error_code ignored;
  path = fs::absolute(path, ignored);
  while (!fs::exists(path, ignored) && path.has_parent_path() && path != path.parent_path())
    path = path.parent_path();
  return path;
}

// What keeps `dir` from being used; empty: it is writable, or can be made.
std::string trouble_with(const fs::path& dir) {
  std::error_code ignored, hidden;
  if (!fs::exists(dir, hidden)) {
    if (hidden) return fmt::format("{} cannot be looked at: {}", dir.string(), hidden.message());
    const auto above = nearest_existing(dir);
    const std::string why = why_not_makable(above);
    return why.empty() ? why : fmt::format("{} cannot be made in {}: {}", dir.string(), above.string(), why);
  }
  if (!fs::is_directory(dir, ignored)) return dir.string() + " is not a directory";
  const std::string why = why_not_writable(dir);
  return why.empty() ? why : fmt::format("{} cannot be written: {}", dir.string(), why);
}

std::optional<std::uint64_t> free_bytes(const fs::path& dir) {
  struct statvfs disk{};
  if (::statvfs(nearest_existing(dir).c_str(), &disk) != 0) return std::nullopt;
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

std::vector<std::string> log_files(LogFormat format) {
  std::vector<std::string> names;
  if (format != LogFormat::Text) names.emplace_back("risk-manager.json.log");
  if (format != LogFormat::Json) names.emplace_back("risk-manager.log");
  return names;
}

std::string text_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// What is wrong with a line that goes the way of every line; empty: it arrived.
std::string trouble_with_a_line(const fs::path& dir, LogFormat format) {
  const fs::path probe = probe_name(dir);
  LogOptions options;
  options.dir = probe;
  options.format = format;
  options.stderr_level = Level::Off;
  const std::string sentence = fmt::format("doctor {} was here", ::getpid());
  std::string trouble;
  if (auto log = Log::open(options); log) {
    rm::log(Level::Error, "doctor", sentence);
  } else {
    trouble = log.error().message;
  }
  for (const std::string& name : log_files(format)) {
    if (trouble.empty() && text_of(probe / name).find(sentence) == std::string::npos)
      trouble = "a line was written, but it is not in " + (probe / name).string();
  }
  std::error_code ignored;
  fs::remove_all(probe, ignored);
  return trouble;
}

// Permission bits of `path` that `mask` asks for; 0 when there is no such file. Error Io: it may not be looked at.
Result<unsigned> open_to_others(const fs::path& path, unsigned mask) {
  struct stat about{};
  if (::stat(path.c_str(), &about) == 0) return about.st_mode & mask;
  if (errno == ENOENT || errno == ENOTDIR) return 0U;
  return fail(ErrorCode::Io, fmt::format("{} cannot be looked at: {}", path.string(), std::strerror(errno)));
}

}  // namespace

void examine_data_directory(const fs::path& data_dir, Examination& examination) {
  constexpr std::string_view kName = "data_directory";
  if (control_socket(data_dir).size() > kLongestSocketPath)
    return examination.fail(kName,
                            control_socket(data_dir) + " is longer than 107 bytes, no local socket can be there",
                            "choose a shorter --data-dir");
  if (const std::string trouble = trouble_with(data_dir); !trouble.empty())
    return examination.fail(kName, trouble, std::string{kToDoWritable} + " (--data-dir)");
  std::error_code ignored;
  const bool there = fs::exists(data_dir, ignored);
  const auto room = free_bytes(data_dir);
  const std::string seen = fmt::format("{} {}, {} MiB free", data_dir.string(),
                                       there ? "is writable" : "is not there yet, the first start makes it",
                                       room ? std::to_string(*room / kMiB) : "an unknown number of");
  if (room && *room < kLeastFree) return examination.fail(kName, seen, "free 50 MiB at least");
  if (room && *room < kLittleFree) return examination.warn(kName, seen, "make room soon");
  examination.ok(kName, seen);
}

void examine_log(const LogConfig& log, const fs::path& data_dir, const RunningDaemon& daemon,
                 Examination& examination) {
  constexpr std::string_view kName = "log";
  const fs::path dir = log_dir(log, data_dir);
  if (const std::string trouble = trouble_with(dir); !trouble.empty())
    return examination.fail(kName, trouble, std::string{kToDoWritable} + " (log.dir)");
  std::error_code ignored;
  if (!fs::exists(dir, ignored))
    return examination.ok(kName, dir.string() + " is not there yet, the first start makes it");
  if (const std::string trouble = trouble_with_a_line(dir, format_of(log.format)); !trouble.empty())
    return examination.fail(kName, trouble, std::string{kToDoWritable} + " (log.dir)");
  for (const std::string& name :
       {std::string{"risk-manager.json.log"}, std::string{"risk-manager.log"}, std::string{"notifications.log"}}) {
    if (fs::exists(dir / name, ignored) && ::access((dir / name).c_str(), W_OK) != 0)
      return examination.fail(kName,
                              fmt::format("{} cannot be written: {}", (dir / name).string(), std::strerror(errno)),
                              "chown it to the user who runs the risk manager");
  }
  if (daemon.log_lines_lost() > 0)
    return examination.warn(kName, fmt::format("the running daemon lost {} lines", daemon.log_lines_lost()),
                            "look at the room and the speed of the disk");
  examination.ok(kName, fmt::format("a line arrives in {}", dir.string()));
}

void examine_permissions(const Config* config, const std::string& config_file, const fs::path& data_dir,
                         Examination& examination) {
  std::vector<std::string> open, remedies, hidden;
  const auto look = [&](const fs::path& path, unsigned mask, std::string_view what, std::string_view mode) {
    const auto bits = open_to_others(path, mask);
    if (!bits) return hidden.push_back(bits.error().message);
    if (*bits == 0) return;
    open.push_back(fmt::format("{} {} by others", path.string(), what));
    remedies.push_back(fmt::format("chmod {} {}", mode, path.string()));
  };
  look(data_dir, 077, "can be entered", "700");
  look(data_dir / "risk-manager.db", 077, "can be read", "600");
  if (config != nullptr && !config->log.dir.empty()) look(config->log.dir, 022, "can be changed", "go-w");
  if (config != nullptr) {
    for (const Login& login : logins_of(*config)) {
      if (!login.config.credentials_file.empty()) look(login.config.credentials_file, 077, "can be read", "600");
    }
  }
  std::error_code ignored;
  if (fs::is_regular_file(config_file, ignored)) look(config_file, 022, "can be changed", "go-w");
  if (!open.empty())
    return examination.warn("permissions", fmt::format("{}", fmt::join(open, "; ")),
                            fmt::format("{}", fmt::join(remedies, "; ")));
  if (!hidden.empty()) return examination.not_checked("permissions", fmt::format("{}", fmt::join(hidden, "; ")));
  examination.ok("permissions", "nothing of it is open to others");
}

}  // namespace rm
