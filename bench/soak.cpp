// ./dev soak: the built daemon for a long time under load, with connections that drop. Memory, file descriptors,
// threads and the time from the bytes of an event to its rules must stay what they were, and a breach at the end must
// still be acted upon. The last quarter is compared with the second: the first is warming up. Argument: seconds.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/daemon_process.h"
#include "support/paper_gateway_process.h"

namespace {

using namespace rm::test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr double kMessagesPerSecond = 500;  // handled ones, as the daemon counts them
constexpr auto kDropEvery = 20s, kTradeEvery = 5s;
constexpr int kQuarters = 4;

// Enough quotes and prints in six contracts; a market that goes nowhere, so that nothing but the end breaks a rule.
constexpr const char* kScenario = R"(name: soak
feed:
  random_walk: {symbols: [MNQ, NQ, MES, ES, MYM, M2K], quotes_per_second: 130, daily_move_percent: 0.1}
)";
constexpr const char* kRules =
    "rules:\n"
    "  max_contracts: {max_contracts: 5}\n"
    "  daily_loss: {max_loss: -50000}\n"
    "  daily_unrealized_loss: {limit: -40000}\n"
    "  daily_realized_profit: {target: 50000}\n";

struct Sample {
  double rss_mib = 0;
  int descriptors = 0, threads = 0;
};

int entries(const std::string& directory) {
  const std::filesystem::directory_iterator all{directory};
  return static_cast<int>(std::distance(begin(all), end(all)));
}

Sample look_at(pid_t pid) {
  const std::string process = fmt::format("/proc/{}", pid);
  std::ifstream statm{process + "/statm"};
  long size = 0, resident = 0;
  statm >> size >> resident;
  return {static_cast<double>(resident * sysconf(_SC_PAGESIZE)) / (1 << 20), entries(process + "/fd"),
          entries(process + "/task")};
}

// What the metrics have counted up to now.
struct Counted {
  double events = 0, handled = 0, sum_us = 0;
  std::map<double, double> at_most_us;  // bound of a bucket -> how many
};

Counted counted(DaemonProcess& daemon) {
  Counted now;
  std::istringstream lines{daemon.metrics()};
  for (std::string line; std::getline(lines, line);) {
    const auto space = line.rfind(' ');
    if (space == std::string::npos || line.front() == '#') continue;
    const double value = std::strtod(line.c_str() + space, nullptr);
    constexpr std::string_view bucket = "risk_manager_event_handling_us_bucket{le=\"";
    if (line.starts_with("risk_manager_events_total{")) now.events += value;
    if (line.starts_with("risk_manager_event_handling_us_sum")) now.sum_us = value;
    if (line.starts_with("risk_manager_event_handling_us_count")) now.handled = value;
    if (line.starts_with(bucket) && line.find("+Inf") == std::string::npos)
      now.at_most_us[std::strtod(line.c_str() + bucket.size(), nullptr)] = value;
  }
  return now;
}

struct Quarter {
  double rate = 0, mean_us = 0, p99_us = 0, rss_mib = 0;
  int descriptors = 0, threads = 0;
};

// Means of the samples, the most of descriptors and threads; p99 as the bound of the bucket it is in.
Quarter summed_up(const std::vector<Sample>& samples, const Counted& before, const Counted& after, double seconds) {
  Quarter quarter;
  for (const Sample& sample : samples) {
    quarter.rss_mib += sample.rss_mib / static_cast<double>(samples.size());
    quarter.descriptors = std::max(quarter.descriptors, sample.descriptors);
    quarter.threads = std::max(quarter.threads, sample.threads);
  }
  const double handled = after.handled - before.handled;
  quarter.rate = (after.events - before.events) / seconds;
  quarter.mean_us = handled > 0 ? (after.sum_us - before.sum_us) / handled : 0;
  for (const auto& [bound, count] : after.at_most_us) {
    const auto old = before.at_most_us.find(bound);
    if (count - (old == before.at_most_us.end() ? 0 : old->second) < 0.99 * handled) continue;
    quarter.p99_us = bound;
    break;
  }
  return quarter;
}

// Everything that goes on during the soak, by its time.
class Load {
 public:
  explicit Load(PaperGatewayProcess& paper) : paper_{paper} {
    // Prices of what is ordered are followed; these orders are too far away to be filled.
    constexpr std::array<std::pair<const char*, const char*>, 6> far{
        {{"MNQ", "15000"}, {"NQ", "15000"}, {"MES", "4000"}, {"ES", "4000"}, {"MYM", "20000"}, {"M2K", "1000"}}};
    for (const auto& [symbol, price] : far) paper_.place_limit(kOtherAccount, symbol, "buy", 1, price);
  }
  void go_on(Clock::time_point now) {
    if (now >= next_drop_) {
      next_drop_ = now + kDropEvery;
      paper_.close_hub(drops_++ % 2 == 0 ? "user" : "market");
    }
    if (now >= next_trade_) {
      next_trade_ = now + kTradeEvery;
      trades_++ % 2 == 0 ? paper_.buy(kAccount, "MNQ", 2) : paper_.sell(kAccount, "MNQ", 2);
    }
  }
  void close_positions() {
    if (trades_ % 2 != 0) paper_.sell(kAccount, "MNQ", 2);
  }
  [[nodiscard]] int drops() const { return drops_; }

 private:
  PaperGatewayProcess& paper_;
  Clock::time_point next_drop_ = Clock::now() + kDropEvery, next_trade_ = Clock::now();
  int drops_ = 0, trades_ = 0;
};

// What is not flat, a sentence each.
std::vector<std::string> not_flat(const std::vector<Quarter>& quarters) {
  const Quarter &second = quarters[1], &last = quarters[kQuarters - 1];
  std::vector<std::string> wrong;
  const auto expect = [&](bool good, std::string sentence) {
    if (!good) wrong.push_back(std::move(sentence));
  };
  for (const Quarter& quarter : quarters)
    expect(quarter.rate >= kMessagesPerSecond, fmt::format("only {:.0f} messages a second came", quarter.rate));
  expect(last.rss_mib <= second.rss_mib * 1.15 + 4, "memory grew");
  expect(last.descriptors <= second.descriptors + 2, "file descriptors leak");
  expect(last.threads <= second.threads, "threads leak");
  expect(last.mean_us <= second.mean_us * 3 + 100, "events take longer and longer");
  return wrong;
}

bool breach_is_enforced(PaperGatewayProcess& paper, DaemonProcess& daemon) {
  if (!eventually([&] { return paper.position(kAccount, kMnq) == 0 && daemon.wait_protecting(); })) return false;
  paper.buy(kAccount, "MNQ", 6);
  return eventually(
      [&] { return daemon.verified(kAccount, "max_contracts") && paper.position(kAccount, kMnq) == 5; });
}

int soak(int seconds) {
  const TempDir dir;
  const auto scenario = dir.write("soak.yaml", kScenario).string();
  // A September morning in Chicago: an open market at its usual pace, whatever today is.
  PaperGatewayProcess paper{{"--scenario", scenario, "--start-time", "2026-09-15T15:00:00Z"}};
  DaemonProcess daemon{DaemonOptions{.config = kRules + paper.yaml()}};
  daemon.start();
  if (!daemon.wait_protecting()) throw std::runtime_error{"the daemon does not protect: " + daemon.standard_error()};
  Load load{paper};
  std::this_thread::sleep_for(2s);  // every contract is followed

  fmt::print("{:>7}  {:>10}  {:>8}  {:>11}  {:>7}  {:>22}  {:>12}\n", "quarter", "messages/s", "RSS MiB",
             "descriptors", "threads", "event to rules mean us", "p99 below us");
  std::vector<Quarter> quarters;
  for (int i = 0; i < kQuarters; ++i) {
    const auto begin = Clock::now(), end = begin + std::chrono::milliseconds{seconds * 1000 / kQuarters};
    const Counted before = counted(daemon);
    std::vector<Sample> samples;
    while (Clock::now() < end) {
      load.go_on(Clock::now());
      if (!daemon.running()) throw std::runtime_error{"the daemon ended: " + daemon.standard_error()};
      samples.push_back(look_at(daemon.pid()));
      std::this_thread::sleep_for(500ms);
    }
    const double lasted = std::chrono::duration<double>(Clock::now() - begin).count();
    const Quarter quarter = quarters.emplace_back(summed_up(samples, before, counted(daemon), lasted));
    fmt::print("{:>7}  {:>10.0f}  {:>8.1f}  {:>11}  {:>7}  {:>22.1f}  {:>12.0f}\n", i + 1, quarter.rate,
               quarter.rss_mib, quarter.descriptors, quarter.threads, quarter.mean_us, quarter.p99_us);
    std::fflush(stdout);
  }
  load.close_positions();
  auto wrong = not_flat(quarters);
  if (!breach_is_enforced(paper, daemon)) wrong.emplace_back("the breach at the end was not enforced");
  if (daemon.terminate().exit_code != 0) wrong.emplace_back("the daemon did not end in order");
  for (const std::string& sentence : wrong) fmt::print("NOT GOOD: {}\n", sentence);
  if (wrong.empty())
    fmt::print("flat over {} s and {} drops; the breach at the end was enforced\n", seconds, load.drops());
  return wrong.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const int seconds = argc == 2 ? std::atoi(argv[1]) : 0;
  if (seconds < 20) {
    fmt::print(stderr, "usage: soak SECONDS (20 or more)\n");
    return 2;
  }
  try {
    return soak(seconds);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "soak: {}\n", problem.what());
    return 1;
  }
}
