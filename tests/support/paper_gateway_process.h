#pragma once
// The paper gateway, the only thing of the real world that is ever replaced, as a process of its own, and its control
// API.

#include <cstdint>
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

inline constexpr std::int64_t kAccount = 26001234, kOtherAccount = 26001235;
inline constexpr std::string_view kMnq = "CON.F.US.MNQ.U26", kMes = "CON.F.US.MES.U26";

class PaperGatewayProcess {
 public:
  // Two accounts of 150 000 $, prices that stand still until they are moved, and a paper time of 14:30 UTC today,
  // hours from any reset. `arguments` are added to the command line. Ready when this returns; throws when it does not
  // become ready.
  explicit PaperGatewayProcess(const std::vector<std::string>& arguments = {});

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& ready_line() const { return ready_line_; }
  // The `gateway:` section of a configuration that names it. Its prices stand still until a test moves them, which is
  // not to be taken for a frozen feed.
  [[nodiscard]] std::string yaml(std::string_view frozen_feed_after = "1h",
                                 std::string_view hub_timeout = "30s") const;
  // Hubs that begin from here on ping every second: with them a hub_timeout of 5s is for tests of a hub that freezes.
  void ping_every_second();

  // ── what the market and the trader do; throw when the gateway says no ──
  void price(std::string_view symbol, std::string_view last);
  void buy(std::int64_t account, std::string_view symbol, int size);
  void sell(std::int64_t account, std::string_view symbol, int size);
  std::int64_t place_limit(std::int64_t account, std::string_view symbol, std::string_view side, int size,
                           std::string_view limit_price);
  // type: limit or stop, with its price.
  std::int64_t place(std::int64_t account, std::string_view symbol, std::string_view side, int size,
                     std::string_view type, std::string_view price);
  void cancel_orders(std::int64_t account, std::string_view contract);  // by the trader: all of them in it
  void can_trade(std::int64_t account, bool allowed);
  void advance(int seconds);  // paper time
  void fault(std::string_view json);
  void clear_faults();  // storms and frost too
  void settings(std::string_view json);

  // ── what goes wrong over REST; `path`: an endpoint, * for all of them, "/*" with the hubs too ──
  void lose_answers(std::string_view path, int count = 1);   // executed all the same
  void lose_requests(std::string_view path, int count = 1);  // not executed
  void slow_answers(std::string_view path, int ms, int count = 0);
  void answer_status(std::string_view path, int status, int count = 1);       // not executed
  void execute_but_answer(std::string_view path, int status, int count = 1);  // executed all the same
  void refuse(std::string_view path, int code, std::string_view message = {}, int count = 1);  // HTTP 200
  void maintenance(int seconds);                                                    // 502 and HTML on every path
  void too_many_requests(std::string_view path, int seconds, int retry_after = 0);  // 429
  void read_lag(int ms);  // positions, orders and trades over REST are so far behind

  // ── what goes wrong on a hub, "user" or "market"; `event`: such as GatewayUserTrade, or "hub:user" for all ──
  void drop_events(std::string_view event, int count = 0, double probability = 1);
  void duplicate_events(std::string_view event, int copies, int count = 0);
  void reorder_events(std::string_view event, int count = 0);
  void delay_events(std::string_view event, int ms, int max_ms = 0, int count = 0);
  void silence_until_reconnect(std::string_view hub);  // no data, but pings
  void freeze_hub(std::string_view hub, double seconds, bool lose = false);
  void close_hub(std::string_view hub, bool allow_reconnect = true);
  void refuse_hub(std::string_view hub, double seconds, int status = 503);
  void storm(std::string_view hub, double mean_seconds, double refuse_seconds = 0, int refuse_status = 503);
  void log_out(std::string_view hub);              // GatewayLogout and Close
  void close_during(std::string_view hub_method);  // SubscribeOrders: no completion, the stream is gone
  void user_events_after_rest(int ms);             // 0: the hub is first again
  void expire_tokens();

  // ── what goes wrong at the exchange ──
  void halt(double seconds, std::string_view kind = "closed",
            std::string_view symbol = {});                // closed, velocity, outage
  std::int64_t void_newest_trade(std::int64_t account);   // its id
  [[nodiscard]] std::string seed();                       // of random faults: for the message of a failing test
  void raw(std::string_view hub, std::string_view text);  // to every subscriber, whatever it is
  void control(std::string_view name, std::string_view json);

  // ── what is true at the broker ──
  [[nodiscard]] std::string time();  // "2026-09-01T14:30:00…"
  [[nodiscard]] Json state(std::int64_t account);
  [[nodiscard]] int position(std::int64_t account, std::string_view contract);  // signed
  [[nodiscard]] bool flat(std::int64_t account);                                // no position and no working order
  [[nodiscard]] int working_orders(std::int64_t account);
  // The net result of all trades since then ("2026-09-01T22:00:00"; empty: of all) in cents: profit and loss less
  // fees and commissions.
  [[nodiscard]] std::int64_t net_cents(std::int64_t account, std::string_view since = {});
  [[nodiscard]] int trades(std::int64_t account, std::string_view since);
  // "MNQ" -> "CON.F.US.MNQ.U26": the one that is traded now.
  [[nodiscard]] std::string contract_of(std::string_view symbol) { return contract(symbol).id; }
  [[nodiscard]] double tick_of(std::string_view symbol) { return contract(symbol).tick; }

  // ── what it was asked ──
  [[nodiscard]] Json requests(std::string_view path = {});  // of that REST path; all of them when empty
  [[nodiscard]] Json mutating_requests(
      std::int64_t account = 0);  // place, modify, cancel, close, partial close; 0: of any account
  [[nodiscard]] bool subscribed_to(std::string_view hub);  // somebody is connected to it and subscribed to something
  void forget_requests();

 private:
  [[nodiscard]] Json view(std::string_view target);
  TempDir dir_;
  std::unique_ptr<Process> process_;
  std::uint16_t port_ = 0;
  std::string ready_line_;
  struct TradedContract {
    std::string id;
    double tick = 0;
  };
  const TradedContract& contract(std::string_view symbol);
  std::map<std::string, TradedContract> contracts_;
};

}  // namespace rm::test
