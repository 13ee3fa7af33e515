#include "runtime/session_start.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "config/logins.h"
#include "observe/log.h"

namespace rm {
namespace {

using projectx::Endpoint;

constexpr int kStartTries = 6;  // over about a minute and a half, longer than the gateway's request window
constexpr std::int64_t kTryAgainAfter = 10'000'000'000;

std::string credentials_text(std::string_view login) {
  if (login.empty()) return "PROJECT_X_USERNAME and PROJECT_X_API_KEY";
  return fmt::format("PROJECT_X_USERNAME_{0} and PROJECT_X_API_KEY_{0}, or its credentials_file",
                     variable_suffix(login));
}

}  // namespace

std::string why_not(const projectx::HttpResult& result, const Error* error) {
  if (result.status == 0) return std::string{result.failure};
  if (result.status != 200) return fmt::format("the gateway answered HTTP {}", result.status);
  return error ? error->message : "the answer could not be read";
}

SessionStart::SessionStart(Parts parts, Steps steps)
    : parts_{parts}, steps_{std::move(steps)}, again_{parts_.loop, [this] {
                                                        const LogLogin said_of{parts_.login};
                                                        if (const auto step = std::exchange(next_step_, nullptr))
                                                          step();
                                                      }} {}

void SessionStart::on_login(bool good, bool refused, std::string_view text) {
  if (!good) {
    const bool must_go_on = !parts_.recovered.locks.empty() || !parts_.recovered.enforcements.empty();
    const std::string why =
        refused ? fmt::format("the gateway refused the login: {}. Check {}", text, credentials_text(parts_.login))
                : fmt::format("the gateway at {} cannot be reached: {}", parts_.config.gateway.api_url, text);
    problem_ = why;
    if (first_login_ && (refused || !must_go_on) && !steps_.failed(why)) return;
    log(Level::Error, "login_failed", why + "; tried again");
    return;
  }
  problem_.clear();
  if (!std::exchange(first_login_, false)) {
    log(Level::Info, "token_renewed", "the gateway gave a new token");
    return;
  }
  ask_accounts();
}

// Whoever restarts after a crash meets a busy gateway first: what may be better in a moment is asked again, the rest
// ends the start.
void SessionStart::failed_step(const projectx::HttpResult& result, const std::string& sentence,
                               std::function<void()> again) {
  const bool passing = result.status == 401 || result.status == 429 || result.status >= 500 || result.status == 0;
  if (!passing || failures_ == kStartTries) return give_up(sentence, std::move(again));
  problem_ = sentence;
  const std::int64_t wait_ns = std::min<std::int64_t>(30, std::int64_t{1} << ++failures_) * 1'000'000'000;
  log(Level::Warning, "start_delayed", fmt::format("{}; asked again in {} s", sentence, wait_ns / 1'000'000'000));
  again_in(wait_ns, std::move(again));
}

void SessionStart::give_up(const std::string& sentence, std::function<void()> again) {
  problem_ = sentence;
  if (!steps_.failed(sentence)) return;
  failures_ = 0;
  log(Level::Error, "start_delayed",
      fmt::format("{}; asked again in {} s", sentence, kTryAgainAfter / 1'000'000'000));
  again_in(kTryAgainAfter, std::move(again));
}

void SessionStart::again_in(std::int64_t wait_ns, std::function<void()> step) {
  next_step_ = std::move(step);
  again_.arm_at(parts_.loop.monotonic_ns() + wait_ns);
}

void SessionStart::ask_accounts() {
  std::array<char, 256> buffer{};
  parts_.rest.ask(Endpoint::AccountSearch, projectx::body::account_search(buffer, true),
                  [this](const projectx::HttpResult& result) { take_accounts(result); });
}

void SessionStart::take_accounts(const projectx::HttpResult& result) {
  const LogLogin said_of{parts_.login};
  auto listed = projectx::read_accounts(reader_, result.status == 200 ? result.body : std::string_view{});
  if (!listed)
    return failed_step(result, "the accounts could not be read: " + why_not(result, &listed.error()),
                       [this] { ask_accounts(); });
  choose_accounts(std::move(*listed));
  if (!all_found()) return;
  if (accounts_.empty()) return give_up("this login has no active account to guard", [this] { ask_accounts(); });
  for (const auto& account : accounts_) {
    checkpoint("gateway_connected",
               fmt::format("gateway connected, account {} ({})", account.info.account.value(), account.name),
               {{"account", account.info.account}, {"balance", account.info.balance}});
  }
  ask_contracts();
}

// An account that is locked stays guarded even if the configuration no longer names it: a lock ends by its own end
// alone.
void SessionStart::choose_accounts(std::vector<projectx::AccountRecord> listed) {
  accounts_.clear();
  for (projectx::AccountRecord& account : listed) {
    const AccountId id = account.info.account;
    const bool locked = std::ranges::any_of(parts_.recovered.locks, [&](const Lock& l) { return l.account == id; });
    if (steps_.guards(id, account.name) || locked) accounts_.push_back(std::move(account));
  }
}

bool SessionStart::all_found() {
  for (const AccountConfig& wanted : parts_.config.accounts) {
    const bool found = std::ranges::any_of(accounts_, [&](const projectx::AccountRecord& a) {
      return wanted.id ? *wanted.id == a.info.account : wanted.name == a.name;
    });
    if (found) continue;
    give_up(fmt::format("account {} of the configuration is not among the active accounts of this login",
                        wanted.id ? std::to_string(wanted.id->value()) : "'" + wanted.name + "'"),
            [this] { ask_accounts(); });
    return false;
  }
  return true;
}

void SessionStart::ask_contracts() {
  // Practice, evaluation and simulated funded accounts must ask for live = false: with true the list is empty.
  const bool live = std::ranges::none_of(accounts_, [](const auto& a) { return a.simulated; });
  std::array<char, 256> buffer{};
  parts_.rest.ask(Endpoint::ContractAvailable, projectx::body::contract_available(buffer, live),
                  [this](const projectx::HttpResult& result) { take_contracts(result); });
}

void SessionStart::take_contracts(const projectx::HttpResult& result) {
  const LogLogin said_of{parts_.login};
  const auto list = projectx::read_contracts(reader_, result.status == 200 ? result.body : std::string_view{});
  if (!list)
    return failed_step(result, "the contracts could not be read: " + why_not(result, &list.error()),
                       [this] { ask_contracts(); });
  for (const projectx::ContractRecord& contract : list->contracts) {
    const auto learned = parts_.contracts.learn(parts_.login, contract);
    if (!learned) steps_.tell(learned.error().message);
  }
  for (const Error& refused : list->refused) log(Level::Warning, "contract_refused", refused.message);
  if (list->contracts.empty())
    return give_up("the gateway lists no contract: positions could not be valued", [this] { ask_contracts(); });
  log(Level::Info, "contracts_loaded",
      fmt::format("{} contracts with tick size and tick value loaded", list->contracts.size()));
  problem_.clear();
  steps_.ready();
}

}  // namespace rm
