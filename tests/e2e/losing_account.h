#pragma once
// One account with everything an enforcement has to deal with, its own paper gateway and its own risk manager: long
// in one contract, short in another, an order that would add and a stop that protects. breach() loses the day.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "support/daemon_process.h"
#include "support/paper_gateway_process.h"

namespace rm::test {

class LosingAccount {
 public:
  static constexpr int kLong = 5, kShort = 2;  // MNQ and MES

  // Guarded, and everything of it is known to the risk manager; throws when it does not come to that.
  // `dies_before_request`: as DaemonProcess::die_before_request(); 0: it lives.
  explicit LosingAccount(int dies_before_request = 0);

  // From here on requests are counted. Returns when the market has moved, whatever the risk manager does then.
  void breach();
  void fall();  // the same, counting on from where requests were forgotten last
  // The market falls through the stop: it fills, whether or not there is something left to protect.
  void fill_the_stop();

  [[nodiscard]] bool flat_and_locked();
  // That, and every enforcement is verified.
  [[nodiscard]] bool over();
  // What of over() is missing; for the message of a failing test.
  [[nodiscard]] std::string unfinished();
  // REST requests since the breach.
  [[nodiscard]] std::size_t asked();
  [[nodiscard]] std::size_t answered();
  // How often the gateway answered since the breach that there is no position, and that there is no order: the
  // lesser.
  [[nodiscard]] int reads_that_showed_it();
  // Follows every fill: what the trader's own orders did is held, every other order must close a part of what was
  // held when it was sent and no more. Empty: nothing was closed twice, nothing turned round, nothing is left.
  [[nodiscard]] std::string wrongly_closed();

  PaperGatewayProcess paper;
  DaemonProcess daemon;

 private:
  void trade();
  [[nodiscard]] int under_way(const std::vector<Json>& trades, const Json& first_fill) const;
  std::set<std::int64_t> orders_of_the_trader_;
};

}  // namespace rm::test
