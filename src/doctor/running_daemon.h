#pragma once
// Whether a daemon runs on a data directory, and what it says of itself. Nothing is taken from it.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "doctor/examination.h"

namespace rm {

struct RunningDaemon {
  // Silent: somebody holds the directory but does not answer. Unknown: it may not be looked at.
  enum class State { None, Answers, Silent, Unknown };
  State state = State::None;
  std::string holder;   // "process 4711", of a silent one
  std::string status;   // JSON of `status`, of one that answers
  std::string unknown;  // why it is not known whether one runs

  // What belongs to a daemon is left to it, and is not touched either when there may be one.
  [[nodiscard]] bool may_run() const { return state != State::None; }
  [[nodiscard]] std::string config_file() const;  // that it was started with; empty: none, or it does not say
  [[nodiscard]] std::int64_t log_lines_lost() const;
};

[[nodiscard]] RunningDaemon find_daemon(const std::filesystem::path& data_dir);

// "daemon": runs, or not, or that is not known, and whether all is well with it. `config_file`: what the doctor looks
// at.
void examine_daemon(const RunningDaemon& daemon, const std::string& config_file, Examination& examination);
// "database": as the daemon sees its store; "locks": that hold.
void examine_store_of(const RunningDaemon& daemon, const std::filesystem::path& database, Examination& examination);
// "user_hub", "market_hub", "prices", "requests": the daemon has the stream, nobody else opens one.
// `login`: its name where there are several.
void examine_stream_of(const RunningDaemon& daemon, const std::string& login, Examination& examination);

}  // namespace rm
