#pragma once
// The risk manager as a process of its own, guarding accounts of a paper gateway, and every way to look at it from
// outside.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/process.h"
#include "support/temp_dir.h"

namespace rm::test {

using Json = nlohmann::json;

// The login of the paper gateway.
inline constexpr std::string_view kUser = "paper", kApiKey = "paper-key";

struct DaemonOptions {
  std::string config;  // YAML
  std::map<std::string, std::string> environment{{"PROJECT_X_USERNAME", std::string{kUser}},
                                                 {"PROJECT_X_API_KEY", std::string{kApiKey}}};
  std::string program = {};  // in place of the built one
};

class DaemonProcess {
 public:
  explicit DaemonProcess(DaemonOptions options);

  // ── its life; the data directory stays from one start to the next ──
  void start();  // returns at once
  void start_again() { start(); }
  void kill_hard();   // SIGKILL, and waits for the end
  Ended terminate();  // SIGTERM, and waits for the end; throws when none comes
  Ended wait_end();   // of a start that is expected to fail; throws when it does not end
  [[nodiscard]] bool running() { return process_ && process_->running(); }
  [[nodiscard]] pid_t pid() const { return process_->pid(); }
  void send_signal(int number) { process_->signal(number); }

  // ── what it says ──
  [[nodiscard]] Json status();                  // null: it does not answer
  [[nodiscard]] Json account(std::int64_t id);  // its row of status(); null: none
  [[nodiscard]] std::string metrics();
  // The value of one line of metrics(): its name with labels; 0 when there is none.
  [[nodiscard]] std::int64_t metric(std::string_view name);
  [[nodiscard]] bool wait_protecting();  // every account synchronised
  [[nodiscard]] bool locked(std::int64_t account, std::string_view rule);
  [[nodiscard]] std::int64_t net_cents(std::int64_t account);  // realised less costs, open result included
  [[nodiscard]] std::int64_t open_cents(std::int64_t account);
  [[nodiscard]] int strikes(std::int64_t account);
  // No enforcement is under way.
  [[nodiscard]] bool settled(std::int64_t account);
  // An enforcement of the rule is in `status` as verified.
  [[nodiscard]] bool verified(std::int64_t account, std::string_view rule);

  // ── what it leaves behind ──
  [[nodiscard]] std::string standard_error() const { return read_text(dir_.path() / "err"); }
  [[nodiscard]] std::vector<Json> log() const;            // every line of the JSON log up to now
  [[nodiscard]] std::vector<Json> notifications() const;  // every line of notifications.log
  // Log lines whose `event` (and, if given, `rule`) is this.
  [[nodiscard]] std::vector<Json> logged(std::string_view event, std::string_view rule = {}) const;
  [[nodiscard]] bool checkpoint(std::string_view name) const;
  // Rows of the database, each a JSON array of its columns.
  [[nodiscard]] std::vector<Json> rows(const std::string& sql) const;
  [[nodiscard]] const std::filesystem::path& data_dir() const { return data_dir_; }
  // `risk-manager replay` of its data directory.
  struct Replayed {
    int exit_code = -1;
    std::string out, err;
  };
  [[nodiscard]] Replayed replay(const std::vector<std::string>& arguments = {}) const;
  // Ends it. Its engine must take the same decisions again on what it recorded; empty: it does.
  [[nodiscard]] std::string replay_problem();
  // Every byte it wrote to disk or to its terminal, for looking for what must not be there.
  [[nodiscard]] std::map<std::string, std::string> everything_written() const;
  void set_environment(const std::string& name, const std::string& value) { options_.environment[name] = value; }
  // The file it was started with; what set_config() says is in it from the next start on.
  [[nodiscard]] std::filesystem::path config_file() const { return dir_.path() / "config.yaml"; }
  void set_config(std::string yaml) { options_.config = std::move(yaml); }
  // Deleted, and not written again by the starts that follow.
  void delete_config_file();
  // The computer's, for this process and from its next start on.
  void move_clock(int days);
  // The next start dies just before the n-th closing or cancelling request leaves, by SIGKILL; 0: the next one lives.
  void die_before_request(int n);
  void set_data_dir(std::filesystem::path dir) { data_dir_ = std::move(dir); }

 private:
  DaemonOptions options_;
  TempDir dir_;
  std::filesystem::path data_dir_;
  std::unique_ptr<Process> process_;
  bool writes_config_ = true;
  std::size_t lines_before_start_ = 0;  // of the JSON log, from earlier starts
};

// "-1008.60" as -100860.
[[nodiscard]] std::int64_t cents_of(std::string_view amount);

}  // namespace rm::test
