#pragma once
// Structured log: rotating JSON lines and text files, and stderr for people. A call formats into a buffer and hands
// over to the log thread through a bounded queue; when that is full the oldest line is dropped and counted. Never
// waits for a disk. Any thread.

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/ids.h"
#include "domain/money.h"
#include "domain/price.h"
#include "domain/result.h"
#include "domain/time.h"

namespace rm {

enum class Level : std::uint8_t { Trace, Debug, Info, Warning, Error, Off };
[[nodiscard]] std::string_view name_of(Level level);  // "info"

// One bound field. `time`, `broker_time`, `level`, `event`, `message` and `login` are taken. Stable names: account,
// rule, contract, violation, pnl, limit, latency_us, enforcement, request. Money and Price are written as exact
// decimal text, times as RFC 3339.
struct Field {
  using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, bool, Money, Price, BrokerTime>;
  std::string_view name;
  Value value;

  Field(std::string_view n, std::string_view v) : name{n}, value{v} {}
  Field(std::string_view n, const char* v) : name{n}, value{std::string_view{v}} {}
  Field(std::string_view n, const std::string& v) : name{n}, value{std::string_view{v}} {}
  Field(std::string_view n, bool v) : name{n}, value{v} {}
  Field(std::string_view n, Money v) : name{n}, value{v} {}
  Field(std::string_view n, Price v) : name{n}, value{v} {}
  Field(std::string_view n, Lots v) : name{n}, value{std::int64_t{v.value()}} {}
  Field(std::string_view n, BrokerTime v) : name{n}, value{v} {}
  template <std::signed_integral Int>
  Field(std::string_view n, Int v) : name{n}, value{static_cast<std::int64_t>(v)} {}
  template <std::unsigned_integral Int>
    requires(!std::same_as<Int, bool>)
  Field(std::string_view n, Int v) : name{n}, value{static_cast<std::uint64_t>(v)} {}
  template <class Tag, class Rep>
  Field(std::string_view n, Strong<Tag, Rep> v) : Field{n, v.value()} {}
};
// Seen by the call, not kept: {{"account", id}, {"pnl", money}} or a vector of them.
class Fields {
 public:
  Fields() = default;
  Fields(std::initializer_list<Field> fields) : first_{fields.begin()}, count_{fields.size()} {}
  Fields(const std::vector<Field>& fields) : first_{fields.data()}, count_{fields.size()} {}
  [[nodiscard]] const Field* begin() const { return first_; }
  [[nodiscard]] const Field* end() const { return first_ + count_; }

 private:
  const Field* first_ = nullptr;
  std::size_t count_ = 0;
};

enum class LogFormat : std::uint8_t { Json, Text, Both };

struct LogOptions {
  std::filesystem::path dir;  // created (owner only) when missing
  Level level = Level::Info;  // of the files
  std::uint64_t rotate_bytes = std::uint64_t{50} << 20;
  std::size_t keep = 10;               // files beside the current one
  LogFormat format = LogFormat::Both;  // risk-manager.json.log, risk-manager.log
  Level stderr_level = Level::Info;    // Off: nothing on stderr
  std::size_t queue_lines = 8192;
};

struct LogHealth {
  std::uint64_t lines = 0;          // handed over for the files since the log was opened
  std::uint64_t dropped = 0;        // of these: the queue was full
  std::uint64_t failed_writes = 0;  // the disk refused (also said on stderr, at most once a second)
};

// The process's log. While one exists, log() goes to it; before and after, log() writes text to stderr.
class Log {
 public:
  // Errors (Io): the directory cannot be made or written, one sentence. At most one Log at a time.
  [[nodiscard]] static Result<std::unique_ptr<Log>> open(const LogOptions& options);
  ~Log();  // writes out what is queued
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  [[nodiscard]] LogHealth health() const;
  void flush();  // asks the log thread to write out; does not wait

  // What log(), log_enabled() and log_health() call.
  static void write(Level level, std::string_view event, std::string_view message, Fields fields);
  [[nodiscard]] static bool enabled(Level level);
  [[nodiscard]] static LogHealth health_after_flush();

 private:
  struct Impl;
  explicit Log(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// One line. `event` is a stable machine-readable name ("decision"), `message` a sentence for people.
void log(Level level, std::string_view event, std::string_view message, Fields fields = {});
[[nodiscard]] bool log_enabled(Level level);

// Of the log that is open; zeros when none is. Asks the log thread to write out first, so that whoever counts the
// lines of the file finds as many as this says, a moment later.
[[nodiscard]] LogHealth log_health();

// Start-up and critical-path marks: event "checkpoint" with the stable name in the field `checkpoint`. Names in use:
// service_started config_loaded database_open gateway_connected self_test rules_initialised event_loop_running
// first_event_received rule_evaluated enforcement_triggered enforcement_verified
void checkpoint(std::string_view name, std::string_view message, Fields fields = {});

// "now" of the following lines, by the broker's clock. The runtime sets it with every event; unset: the field is left
// out.
void set_log_broker_time(BrokerTime now);

// Lines of this thread carry this name in the field `login` while the object lives; empty: no field. The text must
// outlive it.
class LogLogin {
 public:
  explicit LogLogin(std::string_view name);
  ~LogLogin();
  LogLogin(const LogLogin&) = delete;
  LogLogin& operator=(const LogLogin&) = delete;

 private:
  std::string_view before_;
};

// From now on every line shows *** in place of this text, and of its percent-encoded form. Texts shorter than four
// characters are ignored.
void redact(std::string_view secret);
// `text` as a line would show it.
[[nodiscard]] std::string redacted(std::string_view text);

}  // namespace rm
