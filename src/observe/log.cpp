#include "observe/log.h"

#include <fcntl.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/periodic_worker.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>
#include <utility>

#include "observe/log_line.h"
#include "observe/redactor.h"

namespace rm {
namespace {

constexpr std::int64_t kUnknownTime = std::numeric_limits<std::int64_t>::min();
std::atomic<std::int64_t> broker_now{kUnknownTime};
thread_local std::string_view login_of_thread;

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::Trace:
      return spdlog::level::trace;
    case Level::Debug:
      return spdlog::level::debug;
    case Level::Info:
      return spdlog::level::info;
    case Level::Warning:
      return spdlog::level::warn;
    case Level::Error:
      return spdlog::level::err;
    case Level::Off:
      return spdlog::level::off;
  }
  return spdlog::level::off;
}

BrokerTime wall_now() {
  return BrokerTime::from_nanos(
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count());
}

std::unexpected<Error> not_writable(const std::filesystem::path& path, int code) {
  return fail(ErrorCode::Io, "log directory: " + path.string() + " cannot be written: " + std::strerror(code));
}

// The directory exists and `file` in it can be appended to, by this process, now. The file is for its owner's eyes.
Result<void> check_writable(const std::filesystem::path& dir, const std::filesystem::path& file) {
  std::error_code code;
  if (!std::filesystem::is_directory(dir, code)) {
    if (dir.has_parent_path()) std::filesystem::create_directories(dir.parent_path(), code);
    if (::mkdir(dir.c_str(), 0700) != 0) return not_writable(dir, errno);
  }
  const int fd = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return not_writable(file, errno);
  ::close(fd);
  return {};
}

spdlog::sink_ptr file_sink(const std::filesystem::path& file, const LogOptions& options) {
  auto sink =
      std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.string(), options.rotate_bytes, options.keep);
  sink->set_level(spdlog_level(options.level));
  return sink;
}

}  // namespace

struct Log::Impl {
  explicit Impl(const LogOptions& options)
      : pool{std::make_shared<spdlog::details::thread_pool>(options.queue_lines, 1)} {
    lowest = std::min(options.level, options.stderr_level);
    files_from = options.level;
    std::vector<spdlog::sink_ptr> json_sinks, text_sinks;
    if (options.format != LogFormat::Text)
      json_sinks.push_back(file_sink(options.dir / "risk-manager.json.log", options));
    if (options.format != LogFormat::Json) text_sinks.push_back(file_sink(options.dir / "risk-manager.log", options));
    if (options.stderr_level != Level::Off) {
      text_sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
      text_sinks.back()->set_level(spdlog_level(options.stderr_level));
    }
    json = logger(std::move(json_sinks));
    text = logger(std::move(text_sinks));
    flusher = std::make_unique<spdlog::details::periodic_worker>([this] { flush(); }, std::chrono::seconds{1});
  }
  ~Impl() {
    flusher.reset();
    flush();
    pool.reset();  // the log thread writes out what is queued, then ends
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::shared_ptr<spdlog::async_logger> logger(std::vector<spdlog::sink_ptr> sinks) {
    if (sinks.empty()) return nullptr;
    auto made = std::make_shared<spdlog::async_logger>("risk-manager", sinks.begin(), sinks.end(), pool,
                                                       spdlog::async_overflow_policy::overrun_oldest);
    made->set_level(spdlog_level(lowest));
    made->set_pattern("%v");
    made->flush_on(spdlog::level::warn);
    made->set_error_handler([this](const std::string& what) { failed(what); });
    return made;
  }

  // On the log thread. A log that cannot be written must not take the process down, nor be silent.
  void failed(const std::string& what) {
    failures.fetch_add(1, std::memory_order_relaxed);
    const auto now = std::chrono::steady_clock::now();
    if (said && now - said_at < std::chrono::seconds{1}) return;
    said = true;
    said_at = now;
    std::fprintf(stderr, "risk-manager: the log cannot be written: %s\n", what.c_str());
  }

  void write(const LogEntry& entry) {
    thread_local std::string line;
    const auto level = spdlog_level(entry.level);
    if (entry.level >= files_from) lines.fetch_add(1, std::memory_order_relaxed);
    if (json) {
      line.clear();
      append_json_line(line, entry);
      json->log(level, spdlog::string_view_t{line.data(), line.size()});
    }
    if (text) {
      line.clear();
      append_text_line(line, entry);
      text->log(level, spdlog::string_view_t{line.data(), line.size()});
    }
  }

  [[nodiscard]] LogHealth health() const {
    return {.lines = lines.load(std::memory_order_relaxed),
            .dropped = pool->overrun_counter(),
            .failed_writes = failures.load(std::memory_order_relaxed)};
  }

  void flush() {
    if (json) json->flush();
    if (text) text->flush();
  }

  Level lowest = Level::Info, files_from = Level::Info;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> json, text;
  std::unique_ptr<spdlog::details::periodic_worker> flusher;
  std::atomic<std::uint64_t> lines = 0, failures = 0;
  bool said = false;  // log thread
  std::chrono::steady_clock::time_point said_at;

  static std::atomic<Impl*> current;
};

std::atomic<Log::Impl*> Log::Impl::current{nullptr};

Log::Log(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {
  Impl::current.store(impl_.get(), std::memory_order_release);
}
Log::~Log() {
  Impl::current.store(nullptr, std::memory_order_release);
}

Result<std::unique_ptr<Log>> Log::open(const LogOptions& options) {
  if (Impl::current.load() != nullptr) return fail(ErrorCode::Refused, "the log is open already");
  for (const auto* name : {"risk-manager.json.log", "risk-manager.log"}) {
    if (options.format == LogFormat::Json && std::string_view{name} == "risk-manager.log") continue;
    if (options.format == LogFormat::Text && std::string_view{name} == "risk-manager.json.log") continue;
    if (const auto writable = check_writable(options.dir, options.dir / name); !writable)
      return std::unexpected{writable.error()};
  }
  try {
    return std::unique_ptr<Log>{new Log{std::make_unique<Impl>(options)}};
  } catch (const spdlog::spdlog_ex& error) {
    return fail(ErrorCode::Io, "log directory " + options.dir.string() + ": " + error.what());
  }
}

LogHealth Log::health() const {
  return impl_->health();
}
LogHealth Log::health_after_flush() {
  Impl* current = Impl::current.load(std::memory_order_acquire);
  if (current == nullptr) return {};
  current->flush();
  return current->health();
}
void Log::flush() {
  impl_->flush();
}

bool Log::enabled(Level level) {
  const Impl* current = Impl::current.load(std::memory_order_acquire);
  return level != Level::Off && level >= (current != nullptr ? current->lowest : Level::Info);
}

void Log::write(Level level, std::string_view event, std::string_view message, Fields fields) {
  if (!enabled(level)) return;
  const std::int64_t now = broker_now.load(std::memory_order_relaxed);
  const LogEntry entry{
      level,          event,      message,
      fields,         wall_now(), now == kUnknownTime ? std::nullopt : std::optional{BrokerTime::from_nanos(now)},
      login_of_thread};
  if (Impl* current = Impl::current.load(std::memory_order_acquire); current != nullptr) return current->write(entry);
  std::string line;
  append_text_line(line, entry);
  std::fprintf(stderr, "%s\n", line.c_str());
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::Trace:
      return "trace";
    case Level::Debug:
      return "debug";
    case Level::Info:
      return "info";
    case Level::Warning:
      return "warning";
    case Level::Error:
      return "error";
    case Level::Off:
      return "off";
  }
  return "off";
}

void log(Level level, std::string_view event, std::string_view message, Fields fields) {
  Log::write(level, event, message, fields);
}
bool log_enabled(Level level) {
  return Log::enabled(level);
}
LogHealth log_health() {
  return Log::health_after_flush();
}

void checkpoint(std::string_view name, std::string_view message, Fields fields) {
  std::vector<Field> all{{"checkpoint", name}};
  all.insert(all.end(), fields.begin(), fields.end());
  Log::write(Level::Info, "checkpoint", message, all);
}

LogLogin::LogLogin(std::string_view name) : before_{std::exchange(login_of_thread, name)} {}
LogLogin::~LogLogin() {
  login_of_thread = before_;
}

void set_log_broker_time(BrokerTime now) {
  broker_now.store(now.nanos(), std::memory_order_relaxed);
}
void redact(std::string_view secret) {
  redactor().add(secret);
}
std::string redacted(std::string_view text) {
  return redactor().apply(text);
}

}  // namespace rm
