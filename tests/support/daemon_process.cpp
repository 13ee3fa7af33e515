#include "support/daemon_process.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <signal.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "net/unix_server.h"
#include "support/eventually.h"

namespace rm::test {
namespace {

namespace fs = std::filesystem;

std::vector<Json> json_lines(const fs::path& file) {
  std::vector<Json> lines;
  std::istringstream text{read_text(file)};
  for (std::string line; std::getline(text, line);) {
    Json parsed = Json::parse(line, nullptr, false);
    if (!parsed.is_discarded()) lines.push_back(std::move(parsed));  // the last one may be half written
  }
  return lines;
}

Json column_value(const SQLite::Column& column) {
  if (column.isNull()) return nullptr;
  if (column.isInteger()) return column.getInt64();
  return column.getString();
}

fs::path json_log_of(const fs::path& data_dir) {
  return data_dir / "log" / "risk-manager.json.log";
}

Json status_of(const fs::path& data_dir) {
  const auto answer = net::unix_request((data_dir / "control.sock").string(), "status", std::chrono::seconds{5});
  return answer ? Json::parse(*answer, nullptr, false) : Json{};
}

Ended ended_or_throw(const std::optional<Ended>& ended) {
  if (!ended) throw std::runtime_error("the risk manager did not end");
  return *ended;
}

}  // namespace

DaemonProcess::DaemonProcess(DaemonOptions options) : options_{std::move(options)}, data_dir_{dir_.path() / "data"} {}

void DaemonProcess::start() {
  ProcessOptions process;
  if (writes_config_) (void)dir_.write("config.yaml", options_.config);
  process.argv = {options_.program.empty() ? RM_DAEMON_PROGRAM : options_.program,
                  "start",
                  "--config",
                  config_file().string(),
                  "--data-dir",
                  data_dir_.string()};
  process.environment = options_.environment;
  process.out = dir_.path() / "out";
  process.err = dir_.path() / "err";
  lines_before_start_ = json_lines(json_log_of(data_dir_)).size();
  process_ = std::make_unique<Process>(process);
}

void DaemonProcess::delete_config_file() {
  fs::remove(config_file());
  writes_config_ = false;
}

void DaemonProcess::move_clock(int days) {
  set_environment("LD_PRELOAD", RM_MOVED_CLOCK);
  set_environment("ASAN_OPTIONS", "verify_asan_link_order=0");  // a sanitized daemon may have it before its runtime
  set_environment("RM_TEST_CLOCK_DAYS", std::to_string(days));
}

void DaemonProcess::die_before_request(int n) {
  set_environment("LD_PRELOAD", RM_DEATH_AT_SEND);
  set_environment("ASAN_OPTIONS", "verify_asan_link_order=0");
  set_environment("RM_TEST_DIES_BEFORE_REQUEST", std::to_string(n));
}

void DaemonProcess::kill_hard() {
  process_->signal(SIGKILL);
  (void)wait_end();
}

Ended DaemonProcess::terminate() {
  process_->signal(SIGTERM);
  return wait_end();
}

Ended DaemonProcess::wait_end() {
  return ended_or_throw(process_->wait());
}

DaemonProcess::Replayed DaemonProcess::replay(const std::vector<std::string>& arguments) const {
  const TempDir dir;
  ProcessOptions options;
  options.argv = {RM_DAEMON_PROGRAM, "replay", data_dir_.string()};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.out = dir.path() / "out";
  options.err = dir.path() / "err";
  const Ended ended = ended_or_throw(Process{options}.wait());
  return {ended.exit_code, read_text(options.out), read_text(options.err)};
}

std::string DaemonProcess::replay_problem() {
  if (running()) (void)terminate();
  const Replayed replayed = replay();
  return replayed.exit_code == 0 ? "" : "the journal does not replay: " + replayed.out + replayed.err;
}

Json DaemonProcess::status() {
  return status_of(data_dir_);
}

Json DaemonProcess::account(std::int64_t id) {
  const Json now = status();
  if (!now.is_object()) return {};
  for (const Json& row : now.at("accounts")) {
    if (row.at("id") == id) return row;
  }
  return {};
}

std::string DaemonProcess::metrics() {
  return net::unix_request((data_dir_ / "control.sock").string(), "metrics", std::chrono::seconds{5}).value_or("");
}

std::int64_t DaemonProcess::metric(std::string_view name) {
  const std::string all = metrics();
  const auto line = all.find("\n" + std::string{name} + " ");
  return line == std::string::npos ? 0 : std::stoll(all.substr(line + name.size() + 2));
}

bool DaemonProcess::wait_protecting() {
  return eventually([&] {
           if (!running()) return true;
           const Json now = status();
           return now.is_object() && now.at("state") == "protecting";
         }) &&
         running();
}

bool DaemonProcess::locked(std::int64_t id, std::string_view rule) {
  const Json row = account(id);
  if (!row.is_object()) return false;
  return std::ranges::any_of(row.at("locks"),
                             [&](const Json& lock) { return lock.at("rule") == rule && lock.at("kind") == "hard"; });
}

std::int64_t DaemonProcess::net_cents(std::int64_t id) {
  return cents_of(account(id).at("pnl").at("net").get<std::string>());
}

std::int64_t DaemonProcess::open_cents(std::int64_t id) {
  return cents_of(account(id).at("pnl").at("unrealised").get<std::string>());
}

int DaemonProcess::strikes(std::int64_t id) {
  const Json row = account(id);
  return row.is_object() ? row.at("strikes").get<int>() : -1;
}

bool DaemonProcess::settled(std::int64_t id) {
  const Json row = account(id);
  return row.is_object() && std::ranges::all_of(row.at("enforcements"), [](const Json& enforcement) {
           return enforcement.at("state") == "verified";
         });
}

bool DaemonProcess::verified(std::int64_t id, std::string_view rule) {
  const Json row = account(id);
  if (!row.is_object()) return false;
  return std::ranges::any_of(row.at("enforcements"), [&](const Json& enforcement) {
    return enforcement.at("state") == "verified" &&
           std::ranges::find(enforcement.at("rules"), rule) != enforcement.at("rules").end();
  });
}

std::vector<Json> DaemonProcess::log() const {
  const fs::path file = json_log_of(data_dir_);
  std::vector<Json> lines = json_lines(file);
  const Json now = status_of(data_dir_);
  if (!now.is_object() || !fs::exists(file)) return lines;
  // It writes behind its work: what it has logged by now is in the file a moment later.
  const std::size_t expected = lines_before_start_ + now.at("log").at("lines").get<std::size_t>();
  (void)eventually([&] { return (lines = json_lines(file)).size() >= expected; }, std::chrono::seconds{2});
  return lines;
}
std::vector<Json> DaemonProcess::notifications() const {
  return json_lines(data_dir_ / "log" / "notifications.log");
}

std::vector<Json> DaemonProcess::logged(std::string_view event, std::string_view rule) const {
  std::vector<Json> lines = log();
  std::erase_if(lines, [&](const Json& line) {
    return line.at("event") != event || (!rule.empty() && line.value("rule", "") != rule);
  });
  return lines;
}

bool DaemonProcess::checkpoint(std::string_view name) const {
  return std::ranges::any_of(logged("checkpoint"),
                             [&](const Json& line) { return line.value("checkpoint", "") == name; });
}

std::vector<Json> DaemonProcess::rows(const std::string& sql) const {
  SQLite::Database database{(data_dir_ / "risk-manager.db").string(), SQLite::OPEN_READONLY, 5000};
  SQLite::Statement query{database, sql};
  std::vector<Json> rows;
  while (query.executeStep()) {
    Json row = Json::array();
    for (int column = 0; column < query.getColumnCount(); ++column)
      row.push_back(column_value(query.getColumn(column)));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::map<std::string, std::string> DaemonProcess::everything_written() const {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(dir_.path())) {
    if (entry.is_regular_file() && entry.path().filename() != "config.yaml")
      files[entry.path().string()] = read_text(entry.path());
  }
  return files;
}

std::int64_t cents_of(std::string_view amount) {
  const bool negative = amount.starts_with('-');
  std::int64_t value = 0;
  int decimals = -1;
  for (const char c : amount) {
    if (c == '.') decimals = 0;
    if (c < '0' || c > '9') continue;
    if (decimals >= 2) break;
    value = value * 10 + (c - '0');
    if (decimals >= 0) ++decimals;
  }
  for (int missing = std::max(decimals, 0); missing < 2; ++missing) value *= 10;
  return negative ? -value : value;
}

}  // namespace rm::test
