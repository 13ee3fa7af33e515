#include "drill/daemon.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "config/load.h"
#include "drill/paper_config.h"
#include "drill/scratch.h"
#include "net/unix_server.h"

namespace rm::drill {
namespace {

constexpr std::string_view kOwnRules =
    "rules: {daily_loss: {enabled: true, max_loss: -1000.0}, max_contracts: {enabled: true, max_contracts: 5}}\n";

bool leads_away(std::string_view variable) {
  return variable.starts_with("PROJECT_X_") || variable.starts_with(kOverridePrefix);
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
  if (const auto written = write_text(own, kOwnRules); !written) return std::unexpected{written.error()};
  return own;
}

std::vector<std::string> daemon_environment(Environment user) {
  std::vector<std::string> all;
  for (const std::string_view variable : user) {
    if (!leads_away(variable)) all.emplace_back(variable);
  }
  all.push_back("PROJECT_X_USERNAME=" + std::string{Paper::kUser});
  all.push_back("PROJECT_X_API_KEY=" + std::string{Paper::kApiKey});
  return all;
}

Result<std::unique_ptr<Daemon>> Daemon::start(const DaemonOptions& options) {
  const auto config = options.dir / "risk.yaml";
  if (const auto written = write_text(config, yaml_for(options.config, options.gateway, options.dir)); !written)
    return std::unexpected{written.error()};
  auto child = Child::start({.argv = {options.program.string(), "start", "--config", config.string(), "--data-dir",
                                      data_dir(options.dir).string()},
                             .environment = daemon_environment(options.environment),
                             .out = options.dir / "risk-manager.out",
                             .err = options.dir / "risk-manager.err"});
  if (!child) return std::unexpected{child.error()};
  return std::unique_ptr<Daemon>{new Daemon{options.dir, std::move(*child)}};
}

std::string Daemon::standard_error() const {
  return read_text(dir_ / "risk-manager.err");
}

std::string Daemon::last_words() const {
  std::string said = standard_error();
  while (said.ends_with('\n')) said.pop_back();
  constexpr std::string_view kName = "risk-manager: ";
  std::string last = said.substr(said.rfind('\n') + 1);
  return last.starts_with(kName) ? last.substr(kName.size()) : last;
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
