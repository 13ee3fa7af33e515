// ./dev replay: a session to be replayed. The built daemon guards two accounts on the paper gateway while a trader
// does anything at all, connections drop, the configuration changes, the day ends, and the daemon is killed and
// started again. Its journal is copied to FOLDER.

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <thread>

#include "support/daemon_process.h"
#include "support/paper_gateway_process.h"

namespace {

using namespace rm::test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

struct Options {
  int seconds = 0;  // of paper time
  int speed = 1;
  int quotes_per_second = 0;  // of each contract
  fs::path folder;
};

std::string scenario(int quotes_per_second) {
  return fmt::format(
      "name: session\nfeed:\n  random_walk: {{symbols: [MNQ, MES, MGC], quotes_per_second: {}, daily_move_percent: "
      "4}}\n",
      quotes_per_second);
}

std::string rules(int contracts) {
  return fmt::format(
      "rules:\n"
      "  max_contracts: {{max_contracts: {}, include_working_orders: true, warn_at: [80]}}\n"
      "  max_contracts_per_instrument: {{limits: {{MNQ: 3}}, default: 4}}\n"
      "  daily_loss: {{max_loss: -2500, warn_at: [50, 75]}}\n"
      "  daily_unrealized_loss: {{limit: -60, warn_at: [50]}}\n"
      "  max_unrealized_profit: {{target: 90}}\n"
      "  daily_realized_profit: {{target: 4000}}\n"
      "  trade_frequency_limit: {{per_minute: 8}}\n"
      "  cooldown_after_loss: {{tiers: [{{loss: -80, cooldown: 20s}}]}}\n"
      "  no_stop_loss_grace: {{grace: 15s}}\n"
      "  auth_loss_guard: {{}}\n"
      "  symbol_blocks: {{symbols: [MGC]}}\n"
      "  trade_management: {{auto_breakeven: {{trigger_ticks: 20}}, create_stop: true, trailing_stop: "
      "{{activation_ticks: 30, distance_ticks: 15}}}}\n"
      "  session_block_outside: {{sessions: [{{days: [mon, tue, wed, thu, fri], start: '00:00', end: '23:59'}}]}}\n",
      contracts);
}

class Session {
 public:
  Session(const Options& options, const TempDir& dir)
      : options_{options},
        paper_{{"--scenario", dir.write("session.yaml", scenario(options.quotes_per_second)).string(), "--start-time",
                "2026-09-15T14:30:00Z", "--speed", std::to_string(options.speed)}},
        daemon_{DaemonOptions{.config = config(6)}} {}

  void run() {
    paper_.settings(R"({"rateLimit":false})");  // it counts real time
    daemon_.start();
    if (!daemon_.wait_protecting())
      throw std::runtime_error{"the daemon does not protect: " + daemon_.standard_error()};
    const auto begin = Clock::now();
    const auto length = std::chrono::milliseconds{std::int64_t{1000} * options_.seconds / options_.speed};
    for (int done = 0; Clock::now() < begin + length;) {
      trade();
      // Each part of the session begins with something that happens once.
      const auto part = static_cast<int>(8 * (Clock::now() - begin) / length);
      if (part > done) happen(done = part);
      std::this_thread::sleep_for(std::chrono::milliseconds{1 + random_() % 500});
      if (!daemon_.running()) throw std::runtime_error{"the daemon ended: " + daemon_.standard_error()};
    }
    if (daemon_.terminate().exit_code != 0) throw std::runtime_error{"the daemon did not end in order"};
    for (const auto& entry : fs::directory_iterator{daemon_.data_dir()}) {
      if (entry.path().filename().string().starts_with("journal-"))
        fs::copy_file(entry.path(), options_.folder / entry.path().filename());
    }
  }

 private:
  std::string config(int contracts) { return rules(contracts) + paper_.yaml(); }

  void trade() {
    const std::int64_t account = random_() % 4 == 0 ? kOtherAccount : kAccount;
    const std::string symbol =
        std::array{"MNQ", "MNQ", "MES", "MES", "MGC"}[random_() % (random_() % 6 == 0 ? 5U : 4U)];
    const int size = 1 + static_cast<int>(random_() % 3);
    const std::string side = random_() % 2 == 0 ? "buy" : "sell";
    const auto order = [&](std::string_view type, int points) {
      const std::string which{type.substr(0, type.find('_'))};
      const double last = last_of(symbol);
      if (last == 0) return;
      paper_.control("trade",
                     fmt::format(R"({{"accountId":{},"symbol":"{}","side":"{}","size":{},"type":"{}","{}Price":{}}})",
                                 account, symbol, side, size, type, which, last + points));
    };
    try {
      switch (random_() % 8) {
        case 0:
          return paper_.cancel_orders(account, paper_.contract_of(symbol));
        case 1:
          return order("limit", side == "buy" ? -10 : 10);
        case 2:
          return order("stop", side == "buy" ? 10 : -10);
        case 3:
          return paper_.control("close", fmt::format(R"({{"accountId":{},"symbol":"{}"}})", account, symbol));
        default:
          return side == "buy" ? paper_.buy(account, symbol, size) : paper_.sell(account, symbol, size);
      }
    } catch (const std::runtime_error&) {  // an order the gateway refuses is a part of trading
    }
  }
  // Of a position in it: near enough for an order.
  double last_of(const std::string& symbol) {
    const Json state = paper_.state(kAccount);
    for (const Json& position : state.at("positions")) {
      if (position.at("contractId") == paper_.contract_of(symbol))
        return std::floor(position.at("averagePrice").get<double>());
    }
    return 0;
  }

  void happen(int part) {
    switch (part) {
      case 1:
        return paper_.close_hub("user");
      case 2:
        std::ofstream{daemon_.config_file()} << config(4);
        return;
      case 3:
        return paper_.can_trade(kOtherAccount, false);
      case 4:
        paper_.can_trade(kOtherAccount, true);
        return paper_.advance(8 * 3600);  // beyond the reset
      case 5:
        daemon_.kill_hard();
        return come_back();
      case 6:
        return paper_.close_hub("market");
      default:
        (void)daemon_.terminate();
        come_back();
    }
  }

  void come_back() {
    daemon_.start_again();
    if (!daemon_.wait_protecting())
      throw std::runtime_error{"the daemon did not come back: " + daemon_.status().dump()};
  }

  Options options_;
  PaperGatewayProcess paper_;
  DaemonProcess daemon_;
  std::mt19937 random_{20260915};
};

}  // namespace

int main(int argc, char** argv) {
  const Options options =
      argc == 5 ? Options{std::atoi(argv[1]), std::atoi(argv[2]), std::atoi(argv[3]), argv[4]} : Options{};
  if (options.seconds < 10 || options.speed < 1 || options.quotes_per_second < 1 ||
      !fs::is_directory(options.folder)) {
    fmt::print(stderr, "usage: replay_session SECONDS (of paper time, 10 or more) SPEED QUOTES_PER_SECOND FOLDER\n");
    return 2;
  }
  try {
    const TempDir dir;
    Session{options, dir}.run();
    return 0;
  } catch (const std::exception& problem) {
    fmt::print(stderr, "replay_session: {}\n", problem.what());
    return 1;
  }
}
