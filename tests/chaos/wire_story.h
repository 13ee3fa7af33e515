#pragma once
// One random stretch of trading over real sockets: the built programs, several accounts, the paper gateway's faults
// and kills of the daemon, all drawn from a seed. At its end the faults are cleared and the judge looks.

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "chaos/drawn_rules.h"
#include "support/daemon_process.h"
#include "support/paper_gateway_process.h"
#include "support/temp_dir.h"

namespace rm::test {

class WireStory {
 public:
  explicit WireStory(std::uint64_t seed);

  // What the judge still complains of after a generous wait; nothing: all is well.
  [[nodiscard]] std::vector<std::string> run();
  [[nodiscard]] std::string told() const;  // rules, what happened, the daemon's own words
  [[nodiscard]] int faults() const { return faults_; }
  [[nodiscard]] int kills() const { return kills_; }
  [[nodiscard]] int locks() const { return static_cast<int>(locked_before_.size()); }

 private:
  void step();
  void trade();
  void rest_an_order();
  void cancel();
  void move_price(int most_points);
  void spoil_rest();
  void spoil_hubs();
  void spoil_exchange();
  void void_newest(std::int64_t account);
  void kill_and_start();
  void clear_faults();
  void note_locks();
  bool order(std::int64_t account, const std::string& json);
  [[nodiscard]] std::vector<std::string> judge();
  [[nodiscard]] BrokerSide at_broker(std::int64_t account);
  [[nodiscard]] static OurSide at_ours(const Json& row);
  void tell_prices();
  void say(std::string text) { said_.push_back(std::move(text)); }
  [[nodiscard]] std::int64_t someone() { return dice_.one_of(accounts_); }

  Dice dice_;
  DrawnRules rules_;
  TempDir dir_;
  std::vector<std::int64_t> accounts_;
  std::unique_ptr<PaperGatewayProcess> paper_;
  std::unique_ptr<DaemonProcess> daemon_;
  std::vector<int> quarters_;                          // prices in quarter points, of the symbols
  std::map<std::int64_t, std::int64_t> voided_up_to_;  // by account: the newest trade when one was taken back last
  std::set<std::int64_t> trader_orders_;               // whatever else fills was not his
  std::set<std::int64_t> locked_before_;
  std::vector<std::string> said_;
  int faults_ = 0, kills_ = 0;
};

}  // namespace rm::test
