#include "doctor/running_daemon.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "control/paths.h"
#include "domain/counted.h"
#include "net/unix_server.h"
#include "store/inspect.h"

namespace rm {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::seconds kAnswerWithin{5};

// The lock is let go at once: a daemon that starts in this very instant would be told that somebody is there. Error
// Io: it may not be looked at.
Result<bool> held(const std::filesystem::path& lock) {
  const int fd = ::open(lock.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return false;
  if (fd < 0) return fail(ErrorCode::Io, fmt::format("{} cannot be read: {}", lock.string(), std::strerror(errno)));
  const bool taken = ::flock(fd, LOCK_SH | LOCK_NB) != 0;
  ::close(fd);
  return taken;
}

std::string holder_of(const std::filesystem::path& lock) {
  std::ifstream in{lock};
  long pid = 0;
  return in >> pid ? fmt::format("process {}", pid) : "another process";
}

// Empty object when it cannot be read: everything asked of it is then missing.
Json parsed(const RunningDaemon& daemon) {
  Json status = Json::parse(daemon.status, nullptr, false);
  return status.is_object() ? status : Json::object();
}

// A member of a member; null when either is missing: an older daemon may not say it.
Json at(const Json& status, const char* section, const char* name) {
  const auto found = status.find(section);
  return found != status.end() && found->is_object() ? found->value(name, Json{}) : Json{};
}

// A path that leads nowhere from here may be relative to the daemon's folder: nothing is said of it.
bool are_two(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code problem;
  const bool same = std::filesystem::equivalent(a, b, problem);
  return !same && !problem;
}

void say_sync(const Json& status, std::vector<std::string>& troubles) {
  for (const Json& account : status.value("accounts", Json::array())) {
    if (account.value("synchronised", false)) continue;
    troubles.push_back(
        fmt::format("account {} is {}", account.value("id", Json{}).dump(), account.value("sync_state", "unknown")));
  }
}

// What the daemon itself would have a person know.
std::vector<std::string> troubles_of(const Json& status, const std::string& config_file) {
  std::vector<std::string> troubles;
  if (const std::string state = status.value("state", "unknown"); state != "protecting")
    troubles.push_back("its state is " + state);
  say_sync(status, troubles);
  if (const Json file = at(status, "config", "file");
      file.is_string() && are_two(file.get<std::string>(), config_file))
    troubles.push_back("it was started with another file, " + file.get<std::string>());
  if (const Json refused = at(status, "config", "refused"); refused.is_string())
    troubles.push_back("it refuses the file as it is now: " + refused.get<std::string>());
  for (const char* list : {"pending", "needs_restart"}) {
    for (const Json& text : at(status, "config", list))
      troubles.push_back(fmt::format("{} {}", *list == 'p' ? "waits for the reset:" : "needs a restart:",
                                     text.is_string() ? text.get<std::string>() : text.dump()));
  }
  if (const std::string version = status.value("version", "unknown"); version != RM_VERSION)
    troubles.push_back("it is version " + version + ", this program is " + RM_VERSION);
  return troubles;
}

void say_hub(const Json& status, std::string_view name, const char* member, Examination& examination) {
  if (at(status, "gateway", member) == true)
    return examination.ok(name, "connected, every subscription confirmed, as the running daemon says");
  examination.warn(name, "the running daemon's stream is down: it guards by polling, which is slower",
                   "look at 'hub_lost' in its log; close other programs of this login");
}

// With several logins there is one entry a login, in place of the single one.
Json with_gateway_of(Json status, const std::string& login) {
  for (const Json& gateway : status.value("gateways", Json::array())) {
    if (gateway.value("name", Json{}) == Json(login)) status["gateway"] = gateway;
  }
  return status;
}

}  // namespace

std::string RunningDaemon::config_file() const {
  const Json file = at(parsed(*this), "config", "file");
  return file.is_string() ? file.get<std::string>() : std::string{};
}

std::int64_t RunningDaemon::log_lines_lost() const {
  const Json said = parsed(*this);
  std::int64_t lost = 0;
  for (const char* name : {"dropped", "failed_writes"}) {
    if (const Json count = at(said, "log", name); count.is_number_integer()) lost += count.get<std::int64_t>();
  }
  return lost;
}

RunningDaemon find_daemon(const std::filesystem::path& data_dir) {
  RunningDaemon daemon;
  if (auto answer = net::unix_request(control_socket(data_dir), "status", kAnswerWithin)) {
    daemon.state = RunningDaemon::State::Answers;
    daemon.status = std::move(*answer);
    return daemon;
  }
  const auto taken = held(data_dir / "lock");
  if (!taken) {
    daemon.state = RunningDaemon::State::Unknown;
    daemon.unknown = taken.error().message;
  } else if (*taken) {
    daemon.state = RunningDaemon::State::Silent;
    daemon.holder = holder_of(data_dir / "lock");
  }
  return daemon;
}

void examine_daemon(const RunningDaemon& daemon, const std::string& config_file, Examination& examination) {
  constexpr std::string_view kName = "daemon";
  switch (daemon.state) {
    case RunningDaemon::State::None:
      return examination.ok(kName, "none runs on this data directory: nothing is guarded until one is started");
    case RunningDaemon::State::Silent:
      return examination.fail(kName, daemon.holder + " holds the data directory, but does not answer",
                              "it may be starting: try again; if it stays so, look at its log and restart it");
    case RunningDaemon::State::Unknown:
      return examination.fail(kName, "whether one runs is not known: " + daemon.unknown,
                              "run the doctor as the user who runs the risk manager");
    case RunningDaemon::State::Answers:
      break;
  }
  const Json status = parsed(daemon);
  if (status.empty())
    return examination.fail(kName, "a daemon runs, but its answer cannot be read", "look at its log and restart it");
  const auto troubles = troubles_of(status, config_file);
  if (!troubles.empty())
    return examination.warn(kName, fmt::format("runs; {}", fmt::join(troubles, "; ")),
                            "risk-manager status says more; a restart takes up what needs one");
  examination.ok(kName, fmt::format("runs and is protecting {}; its directory and stream are left to it",
                                    counted(status.value("accounts", Json::array()).size(), "account")));
}

void examine_store_of(const RunningDaemon& daemon, const std::filesystem::path& database, Examination& examination) {
  if (daemon.state != RunningDaemon::State::Answers) {
    return examination.rest_not_checked({"database", "locks"}, daemon.state == RunningDaemon::State::Silent
                                                                   ? daemon.holder + " holds them and does not answer"
                                                                   : daemon.unknown);
  }
  const Json status = parsed(daemon);
  const auto look = look_at_database(database);
  if (!look || !look->damage.empty()) {
    examination.fail("database", look ? "damaged: " + look->damage.front() : look.error().message,
                     "stop the daemon, keep a copy, and see 'damaged' in docs/troubleshooting.md");
  } else if (at(status, "store", "good") != true) {
    const Json text = at(status, "store", "text");
    examination.warn("database", text.is_string() ? text.get<std::string>() : "the daemon says its store is not well",
                     "make room, check the disk, before you restart it");
  } else {
    examination.ok("database",
                   fmt::format("intact, schema version {}; the running daemon writes it", look->schema_version));
  }
  std::vector<std::string> locks;
  for (const Json& account : status.value("accounts", Json::array())) {
    for (const Json& lock : account.value("locks", Json::array()))
      locks.push_back(fmt::format("account {} is locked by {} until {}", account.value("id", Json{}).dump(),
                                  lock.value("rule", ""), lock.value("until", "")));
  }
  examination.ok(
      "locks", locks.empty() ? "none holds, as the running daemon says" : fmt::format("{}", fmt::join(locks, "; ")));
}

void examine_stream_of(const RunningDaemon& daemon, const std::string& login, Examination& examination) {
  if (daemon.state != RunningDaemon::State::Answers) {
    return examination.rest_not_checked(
        {"user_hub", "market_hub", "prices", "requests"},
        (daemon.state == RunningDaemon::State::Silent ? daemon.holder + " has the stream"
                                                      : "a daemon may run and have the stream") +
            ": a second one would push it out");
  }
  const Json status = with_gateway_of(parsed(daemon), login);
  say_hub(status, "user_hub", "user_hub", examination);
  say_hub(status, "market_hub", "market_hub", examination);
  examination.not_checked("prices", "the running daemon has the stream: a second one would push it out");
  const Json left = at(status, "gateway", "exits_left"), needed = at(status, "gateway", "needed_to_flatten");
  const std::string seen = fmt::format(
      "the running daemon has {} requests left for exits, {} would flatten everything", left.dump(), needed.dump());
  if (left.is_number_integer() && needed.is_number_integer() && needed.get<int>() > left.get<int>())
    return examination.warn("requests", seen, "fewer working orders, or fewer accounts on one login");
  examination.ok("requests", seen);
}

}  // namespace rm
