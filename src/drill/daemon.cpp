#include "drill/daemon.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "config/load.h"
#include "drill/paper.h"
#include "drill/scratch.h"
#include "net/unix_server.h"

namespace rm::drill {
namespace {

constexpr std::string_view kOwnRules =
    "rules: {daily_loss: {enabled: true, max_loss: -1000.0}, max_contracts: {enabled: true, max_contracts: 5}}\n";

std::string upper(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

// Where the daemon connects, as whom, and where it writes: these are ours, whatever the user's environment says.
bool ours(std::string_view name) {
  if (name.starts_with("PROJECT_X_")) return true;
  if (!name.starts_with(kOverridePrefix)) return false;
  const std::string key = upper(name.substr(kOverridePrefix.size()));
  const std::string section = key.substr(0, key.find("__"));
  return section == "FIRM" || section == "GATEWAY" || section == "CREDENTIALS_FILE" || section == "LOG" ||
         section == "NOTIFY";
}

std::string column_text(const SQLite::Column& column) {
  return column.isNull() || column.isBlob() ? std::string{} : column.getString();
}

std::filesystem::path data_dir(const std::filesystem::path& dir) {
  return dir / "data";
}
std::filesystem::path log_dir(const std::filesystem::path& dir) {
  return dir / "log";
}

}  // namespace

Result<std::string> config_or_own(const std::string& config_file, const std::filesystem::path& dir) {
  if (!config_file.empty()) return config_file;
  const std::string own = (dir / "config.yaml").string();
  if (!write_text(own, kOwnRules)) return fail(ErrorCode::Io, own + " cannot be written");
  return own;
}

const std::vector<std::string_view>& replaced_settings() {
  static const std::vector<std::string_view> all{
      "the gateway's addresses and the login: the paper gateway's",
      "data directory and log.dir: a temporary directory",
      "log.level and log.format: trace and json, so that each link leaves its trace",
      "notify.command: not run; notifications.log and the database have what it would have been given",
      "gateway.frozen_feed_after: an hour, because prices stand still until the drill moves them"};
  return all;
}

std::vector<std::string> daemon_environment(const DaemonOptions& options) {
  std::vector<std::string> all;
  for (const std::string_view variable : options.environment) {
    if (!ours(variable.substr(0, variable.find('=')))) all.emplace_back(variable);
  }
  const auto set = [&](std::string_view key, const std::string& value) {
    all.push_back(std::string{kOverridePrefix}.append(key).append("=").append(value));
  };
  all.push_back("PROJECT_X_USERNAME=" + std::string{Paper::kUser});
  all.push_back("PROJECT_X_API_KEY=" + std::string{Paper::kApiKey});
  set("FIRM", "none");
  set("GATEWAY__API_URL", options.gateway);
  set("GATEWAY__USER_HUB_URL", options.gateway + "/hubs/user");
  set("GATEWAY__MARKET_HUB_URL", options.gateway + "/hubs/market");
  set("GATEWAY__FROZEN_FEED_AFTER", "1h");
  set("LOG__DIR", log_dir(options.dir).string());
  set("LOG__LEVEL", "trace");
  set("LOG__FORMAT", "json");
  set("LOG__ROTATE_MB", "100");
  set("NOTIFY__COMMAND", "[]");
  // In front of the user's own: of a variable that is there twice the first counts.
  for (const std::string& key : options.off) all.insert(all.begin(), std::string{kOverridePrefix} + key + "=false");
  return all;
}

Result<std::unique_ptr<Daemon>> Daemon::start(const DaemonOptions& options) {
  auto child = Child::start({.argv = {options.program.string(), "start", "--config", options.config_file.string(),
                                      "--data-dir", data_dir(options.dir).string()},
                             .environment = daemon_environment(options),
                             .out = options.dir / "risk-manager.out",
                             .err = options.dir / "risk-manager.err"});
  if (!child) return std::unexpected{child.error()};
  return std::unique_ptr<Daemon>{new Daemon{options.dir, std::move(*child)}};
}

std::string Daemon::standard_error() const {
  return read_text(dir_ / "risk-manager.err");
}

std::optional<Fields> Daemon::status() const {
  const auto answer =
      net::unix_request((data_dir(dir_) / "control.sock").string(), "status", std::chrono::seconds{5});
  if (!answer) return std::nullopt;
  Fields fields = flatten(*answer);
  if (fields.empty()) return std::nullopt;
  return fields;
}

std::map<std::string, std::int64_t> Daemon::metrics() const {
  std::map<std::string, std::int64_t> values;
  std::istringstream text{
      net::unix_request((data_dir(dir_) / "control.sock").string(), "metrics", std::chrono::seconds{5}).value_or("")};
  for (std::string line; std::getline(text, line);) {
    const auto space = line.rfind(' ');
    if (line.starts_with('#') || space == std::string::npos) continue;
    std::int64_t value = 0;
    std::from_chars(line.data() + space + 1, line.data() + line.size(), value);
    values[line.substr(0, space)] = value;
  }
  return values;
}

std::vector<Fields> Daemon::log() const {
  return lines(read_text(log_dir(dir_) / "risk-manager.json.log"));
}

std::vector<Fields> Daemon::notifications() const {
  return lines(read_text(log_dir(dir_) / "notifications.log"));
}

Result<std::vector<Fields>> Daemon::rows(const std::string& table) const {
  try {
    SQLite::Database database{(data_dir(dir_) / "risk-manager.db").string(), SQLite::OPEN_READONLY, 5000};
    SQLite::Statement query{database, "SELECT * FROM " + table + " ORDER BY id"};
    std::vector<Fields> rows;
    while (query.executeStep()) {
      Fields& row = rows.emplace_back();
      for (int i = 0; i < query.getColumnCount(); ++i) {
        const SQLite::Column column = query.getColumn(i);
        row[column.getName()] = column_text(column);
      }
    }
    return rows;
  } catch (const std::exception& problem) {
    return fail(ErrorCode::Io, std::string{"the database cannot be read: "} + problem.what());
  }
}

}  // namespace rm::drill
