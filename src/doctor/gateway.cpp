#include "doctor/gateway.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <set>
#include <stdexcept>

#include "config/load.h"
#include "config/market_hours.h"
#include "doctor/streams.h"
#include "observe/log.h"
#include "projectx/rest/endpoint.h"
#include "runtime/rest_gateway.h"
#include "runtime/unlisted_symbols.h"

namespace rm {
namespace {

using namespace std::chrono_literals;
using projectx::Endpoint;

constexpr Duration kClockOff = 3s;  // a Date is cut to the second, and its answer was under way
constexpr Duration kDayOff = 24h;
constexpr Duration kRestWithin = 30s;
constexpr std::string_view kToDoReach = "network, firewall, or maintenance; the addresses in 'gateway' or 'firm'";
constexpr std::string_view kToDoLogin =
    "user name of the platform and API key of the same firm as 'firm' or 'gateway'; a new key if in doubt";

net::Url url_of(const std::string& text) {
  const auto url = net::parse_url(text);
  if (!url) throw std::runtime_error{url.error()};
  return *url;
}

std::string why_not(const projectx::HttpResult& result, const Error& error) {
  if (result.status == 0) return std::string{result.failure};
  return result.status == 200 ? error.message : fmt::format("the gateway answered HTTP {}", result.status);
}

// "5 h 03 min".
std::string span_text(Duration span) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span < Duration{} ? -span : span).count();
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 2 * 86'400) return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{} days", seconds / 86'400);
}

// Login, accounts and contracts over REST, one after the other; ends with the first that fails.
class RestVisit final : RestGatewayListener {
 public:
  RestVisit(net::Loop& loop, const GatewayAccess& access, ContractTable& contracts, Examination& examination)
      : loop_{loop},
        config_{access.config},
        contracts_{contracts},
        examination_{examination},
        clock_{computer_time(), loop.monotonic_ns()},
        rest_{loop, url_of(config_.gateway.api_url), config_.gateway.ca_file, access.credentials, clock_, *this},
        limit_{loop, [this] { loop_.stop(); }} {}

  // Blocks. Empty: something failed, which has been said.
  bool run() {
    limit_.arm_at(loop_.monotonic_ns() + kRestWithin.count());
    rest_.login();
    loop_.run();
    limit_.cancel();
    if (!asked_) examination_.fail("gateway", config_.gateway.api_url + " does not answer", std::string{kToDoReach});
    return good_;
  }

  [[nodiscard]] const std::vector<AccountId>& accounts() const { return guarded_; }
  [[nodiscard]] std::string token() const { return rest_.token(); }
  [[nodiscard]] BrokerTime now() const { return clock_.at(loop_.monotonic_ns()); }
  void say_requests() const {
    if (rate_limited_)
      return examination_.warn("requests", "the gateway answered HTTP 429: this login asks too often",
                               "close other programs that use the API with this login");
    examination_.ok("requests", fmt::format("no limit met; the risk manager keeps to 160 in a minute, 60 of them for "
                                            "exits, {} are left after this",
                                            rest_.exits_left()));
  }

 private:
  void on_http(projectx::RequestCookie, const projectx::HttpResult&) override {}

  void on_login(bool good, bool refused, std::string_view text) override {
    if (std::exchange(asked_, true)) return;
    const std::string& url = config_.gateway.api_url;
    if (!good && !refused) {
      examination_.fail("gateway", fmt::format("{} cannot be reached: {}", url, text), std::string{kToDoReach});
      return loop_.stop();
    }
    examination_.ok("gateway",
                    fmt::format("{} answers{}", url, url.starts_with("https") ? ", its certificate is trusted" : ""));
    say_clock();
    if (refused) {
      examination_.fail("login", fmt::format("refused: {}", text), std::string{kToDoLogin});
      return loop_.stop();
    }
    examination_.ok("login", "accepted");
    std::array<char, 256> buffer{};
    rest_.ask(Endpoint::AccountSearch, projectx::body::account_search(buffer, true),
              [this](const projectx::HttpResult& result) { take_accounts(result); });
  }

  void say_clock() const {
    constexpr std::string_view kName = "clock";
    if (!clock_.known())
      return examination_.warn(kName, "the gateway's answer has no Date", "nothing to be done here");
    const Duration off = computer_time() - now();
    const std::string seen = fmt::format("the computer's clock is {} {} the broker's", span_text(off),
                                         off < Duration{} ? "behind" : "ahead of");
    if (off > -kClockOff && off < kClockOff)
      return examination_.ok(kName, "the computer's clock is within 3 s of the broker's");
    if (off > -kDayOff && off < kDayOff)
      return examination_.warn(kName, seen,
                               "timedatectl set-ntp true; locks and resets go by the broker's time all the same");
    examination_.fail(kName, seen, "set the date: certificates and calendars are judged by it");
  }

  void take_accounts(const projectx::HttpResult& result) {
    note(result);
    auto found = projectx::read_accounts(reader_, result.status == 200 ? result.body : std::string_view{});
    if (!found) {
      examination_.fail("accounts", "they could not be read: " + why_not(result, found.error()), "try again");
      return loop_.stop();
    }
    if (!say_accounts(*found)) return loop_.stop();
    const bool live = std::ranges::none_of(*found, [&](const auto& account) {
      return account.simulated && config_.guards(account.info.account, account.name);
    });
    std::array<char, 256> buffer{};
    rest_.ask(Endpoint::ContractAvailable, projectx::body::contract_available(buffer, live),
              [this](const projectx::HttpResult& answer) { take_contracts(answer); });
  }

  bool say_accounts(const std::vector<projectx::AccountRecord>& found) {
    constexpr std::string_view kName = "accounts";
    std::vector<std::string> seen, barred;
    for (const auto& account : found) {
      if (!config_.guards(account.info.account, account.name)) continue;
      const std::string who = fmt::format("{} ({})", account.info.account.value(), account.name);
      seen.push_back(who);
      if (!account.info.can_trade) barred.push_back(who);
      guarded_.push_back(account.info.account);
      rules_.push_back(config_.rules_for(account.info.account, account.name));
    }
    for (const AccountConfig& wanted : config_.accounts) {
      const bool there = std::ranges::any_of(found, [&](const auto& account) {
        return wanted.id ? *wanted.id == account.info.account : wanted.name == account.name;
      });
      if (there) continue;
      examination_.fail(kName,
                        fmt::format("account {} of the configuration is not among the active accounts of this login",
                                    wanted.id ? std::to_string(wanted.id->value()) : "'" + wanted.name + "'"),
                        "number or name as in the platform; a closed or failed account is no longer active");
      return false;
    }
    if (seen.empty()) {
      examination_.fail(kName, "this login has no active account to guard", "is it the login of the right firm?");
      return false;
    }
    const std::string text = fmt::format("{} to guard: {}", seen.size(), fmt::join(seen, ", "));
    if (barred.empty()) {
      examination_.ok(kName, text);
    } else {
      examination_.warn(kName, fmt::format("{}; the broker does not let {} trade", text, fmt::join(barred, ", ")),
                        "look into the platform why");
    }
    return true;
  }

  void take_contracts(const projectx::HttpResult& result) {
    constexpr std::string_view kName = "contracts";
    note(result);
    loop_.stop();
    const auto list = projectx::read_contracts(reader_, result.status == 200 ? result.body : std::string_view{});
    if (!list)
      return examination_.fail(kName, "they could not be read: " + why_not(result, list.error()), "try again");
    for (const auto& c : list->contracts) contracts_.learn(c.id, c.name, c.tick_size_nanos, c.tick_value, c.active);
    if (list->contracts.empty())
      return examination_.fail(kName, "the gateway lists none: positions could not be valued", "try again later");
    good_ = true;
    std::set<std::string> unlisted;
    for (const auto& rules : rules_) unlisted.merge(sentences_of(rules));
    if (!unlisted.empty())
      return examination_.fail(kName, fmt::format("{}", fmt::join(unlisted, "; ")), "correct the symbol in the rule");
    if (!list->refused.empty())
      return examination_.warn(
          kName, fmt::format("{} records make no sense: {}", list->refused.size(), list->refused.front().message),
          "positions in them could not be valued: tell the firm");
    examination_.ok(kName, fmt::format("{} with tick size and tick value, every symbol of the rules is among them",
                                       list->contracts.size()));
  }

  std::set<std::string> sentences_of(const std::vector<RuleConfig>& rules) const {
    auto sentences = unlisted_symbols(rules, contracts_);
    return {std::make_move_iterator(sentences.begin()), std::make_move_iterator(sentences.end())};
  }

  void note(const projectx::HttpResult& result) { rate_limited_ = rate_limited_ || result.status == 429; }

  net::Loop& loop_;
  const Config& config_;
  ContractTable& contracts_;
  Examination& examination_;
  BrokerClock clock_;
  RestGateway rest_;
  net::Loop::Timer limit_;
  projectx::ReplyReader reader_;
  std::vector<AccountId> guarded_;
  std::vector<std::vector<RuleConfig>> rules_;  // of each of them
  bool asked_ = false, good_ = false, rate_limited_ = false;
};

bool market_open(BrokerTime now) {
  const auto hours = market_hours(now);
  return hours && hours->open_at(now);
}

}  // namespace

void examine_gateway(const GatewayAccess& access, Examination& examination) {
  redact(access.credentials.api_key.reveal());
  try {
    net::Loop loop;
    ContractTable contracts;
    RestVisit rest{loop, access, contracts, examination};
    if (!rest.run()) {
      if (access.daemon.may_run()) examine_stream_of(access.daemon, access.login, examination);
      return gateway_not_checked("what stands before it failed", examination);
    }
    if (access.daemon.may_run()) return examine_stream_of(access.daemon, access.login, examination);
    examine_streams({loop, access.config.gateway, contracts, rest.accounts(), rest.token(), market_open(rest.now())},
                    examination);
    rest.say_requests();
  } catch (const std::exception& problem) {  // an authority file that cannot be read, an address that makes no sense
    examination.fail("gateway", problem.what(), "correct 'gateway' in the configuration");
  }
  gateway_not_checked("what stands before it failed", examination);
}

void gateway_not_checked(const std::string& why, Examination& examination) {
  examination.rest_not_checked(
      {"gateway", "clock", "login", "accounts", "contracts", "user_hub", "market_hub", "prices", "requests"}, why);
}

}  // namespace rm
