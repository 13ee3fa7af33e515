#include "runtime/system.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

#include "config/print.h"
#include "enforcement/exit_cost.h"
#include "observe/log.h"
#include "observe/redactor.h"
#include "replay/engine_settings.h"
#include "runtime/unlisted_symbols.h"

namespace rm {
namespace {

using namespace std::chrono_literals;
using projectx::Endpoint;
using projectx::Hub;

constexpr Duration kHousekeeping = 1s;
constexpr int kStartTries = 6;  // over about a minute and a half, longer than the gateway's request window
constexpr std::int64_t kSayRefusalsEvery = 60'000'000'000;
constexpr std::int64_t kAskRecordEvery = 10'000'000'000;
constexpr std::int64_t kSayUnguardedAfter = 30'000'000'000, kSayUnguardedEvery = 300'000'000'000;
constexpr std::size_t kAccountsAtFullPace =
    10;  // more accounts share the request budget: they are looked at less often

net::Url url_of(const std::string& text) {
  const auto url = net::parse_url(text);
  if (!url) throw std::runtime_error{url.error()};
  return *url;
}

BrokerTime computer_clock() {
  return BrokerTime::from_nanos(
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count());
}

std::string_view why_not_synchronised(SyncState state) {
  switch (state) {
    case SyncState::Unknown:
      return "NOT GUARDED: its state is not known";
    case SyncState::StreamDown:
      return "guarded by polling: the stream is down";
    case SyncState::Blind:
      return "BLIND: the stream is down and reads fail; rules go by what was last seen";
    case SyncState::Synchronised:
      return "synchronised";
  }
  return "";
}

Reconciler::Pace pace_for(std::size_t accounts) {
  Reconciler::Pace pace;
  pace.stream_down *= static_cast<std::int64_t>(std::max<std::size_t>(accounts, 1));
  pace.stream_up *= static_cast<std::int64_t>((accounts + kAccountsAtFullPace - 1) / kAccountsAtFullPace);
  return pace;
}

std::string why_not(const projectx::HttpResult& result, const Error* error) {
  if (result.status == 0) return std::string{result.failure};
  if (result.status != 200) return fmt::format("the gateway answered HTTP {}", result.status);
  return error ? error->message : "the answer could not be read";
}

}  // namespace

System::System(Parts parts, OnFatal on_fatal)
    : parts_{std::move(parts)},
      on_fatal_{std::move(on_fatal)},
      clock_{computer_clock(), parts_.loop.monotonic_ns()},
      rest_{parts_.loop,
            url_of(parts_.config.gateway.api_url),
            parts_.config.gateway.ca_file,
            parts_.credentials,
            clock_,
            *this},
      suites_{parts_.contracts, rest_},
      bridge_{parts_.contracts},
      recorder_{parts_.store, parts_.metrics, parts_.notifier, parts_.contracts,
                [this] { return parts_.loop.monotonic_ns(); }},
      calendar_{&parts_.calendar},
      guardian_{make_guardian(parts_.calendar, parts_.config)},
      user_hub_{parts_.loop,
                Hub::User,
                url_of(parts_.config.gateway.user_hub_url),
                parts_.config.gateway.ca_file,
                [this] { return token_for(Hub::User); },
                *this,
                1},
      market_hub_{parts_.loop,
                  Hub::Market,
                  url_of(parts_.config.gateway.market_hub_url),
                  parts_.config.gateway.ca_file,
                  [this] { return token_for(Hub::Market); },
                  *this,
                  2},
      market_feed_{parts_.config.gateway.frozen_feed_after},
      guard_timer_{parts_.loop, [this] { on_guard_timer(); }},
      housekeeping_{parts_.loop, [this] { on_housekeeping(); }},
      start_again_{parts_.loop, [this] {
                     if (const auto step = std::exchange(next_start_step_, nullptr)) step();
                   }} {
  recorder_.set_book(guardian_->book());
  config_status_.file = parts_.config_file;
  config_status_.loaded_at = now();
  recorder_.set_recovered_days(parts_.store.recovered().days);
}

System::~System() = default;

std::unique_ptr<Guardian> System::make_guardian(const TradingCalendar& calendar, const Config& settings) {
  const Recovered& recovered = parts_.store.recovered();
  return std::make_unique<Guardian>(
      parts_.contracts, calendar, suites_, recorder_,
      Guardian::Settings{mark_of(settings.valuation.mark), settings.valuation.stale_after, recovered.next_enforcement,
                         recovered.next_request, policy_of(settings.on_blind)});
}

void System::start() {
  housekeeping_.arm_at(parts_.loop.monotonic_ns() + kHousekeeping.count());
  rest_.login();
}

void System::stop() {
  guard_timer_.cancel();
  housekeeping_.cancel();
  user_hub_.close();
  market_hub_.close();
}

void System::fatal(const std::string& sentence) {
  on_fatal_(sentence);
}

// ── start-up
// ─────────────────────────────────────────────────────────────────────────────────────────────────────────
void System::on_login(bool good, bool refused, std::string_view text) {
  if (!good) {
    const bool must_go_on = !parts_.store.recovered().locks.empty() || !parts_.store.recovered().enforcements.empty();
    const std::string why =
        refused
            ? fmt::format("the gateway refused the login: {}. Check PROJECT_X_USERNAME and PROJECT_X_API_KEY", text)
            : fmt::format("the gateway at {} cannot be reached: {}", parts_.config.gateway.api_url, text);
    if (first_login_ && (refused || !must_go_on)) return fatal(why);
    log(Level::Error, "login_failed", why + "; tried again");
    return;
  }
  if (!std::exchange(first_login_, false)) {
    log(Level::Info, "token_renewed", "the gateway gave a new token");
    return;
  }
  ask_accounts();
}

// Whoever restarts after a crash meets a busy gateway first: what may be better in a moment is asked again, the rest
// ends the start.
void System::start_failed(const projectx::HttpResult& result, const std::string& sentence,
                          std::function<void()> again) {
  const bool passing = result.status == 401 || result.status == 429 || result.status >= 500 || result.status == 0;
  if (!passing || start_failures_ == kStartTries) return fatal(sentence);
  const std::int64_t wait_ns = std::min<std::int64_t>(30, std::int64_t{1} << ++start_failures_) * 1'000'000'000;
  log(Level::Warning, "start_delayed", fmt::format("{}; asked again in {} s", sentence, wait_ns / 1'000'000'000));
  next_start_step_ = std::move(again);
  start_again_.arm_at(parts_.loop.monotonic_ns() + wait_ns);
}

void System::ask_accounts() {
  std::array<char, 256> buffer{};
  rest_.ask(Endpoint::AccountSearch, projectx::body::account_search(buffer, true),
            [this](const projectx::HttpResult& result) { take_accounts(result); });
}

void System::take_accounts(const projectx::HttpResult& result) {
  auto accounts = projectx::read_accounts(reader_, result.status == 200 ? result.body : std::string_view{});
  if (!accounts)
    return start_failed(result, "the accounts could not be read: " + why_not(result, &accounts.error()),
                        [this] { ask_accounts(); });
  put_config_in_force();
  const auto& locks = parts_.store.recovered().locks;
  for (projectx::AccountRecord& account : *accounts) {
    const AccountId id = account.info.account;
    // An account that is locked stays guarded even if the configuration no longer names it: a lock ends by its own
    // end alone.
    const bool locked = std::any_of(locks.begin(), locks.end(), [&](const Lock& lock) { return lock.account == id; });
    if (in_force_->guards(id, account.name) || locked) accounts_.push_back(std::move(account));
  }
  for (const AccountConfig& wanted : parts_.config.accounts) {
    const bool found = std::any_of(accounts_.begin(), accounts_.end(), [&](const projectx::AccountRecord& a) {
      return wanted.id ? *wanted.id == a.info.account : wanted.name == a.name;
    });
    if (!found) {
      return fatal(fmt::format("account {} of the configuration is not among the active accounts of this login",
                               wanted.id ? std::to_string(wanted.id->value()) : "'" + wanted.name + "'"));
    }
  }
  if (accounts_.empty()) return fatal("this login has no active account to guard");
  for (const auto& account : accounts_) {
    checkpoint("gateway_connected",
               fmt::format("gateway connected, account {} ({})", account.info.account.value(), account.name),
               {{"account", account.info.account}, {"balance", account.info.balance}});
  }
  ask_contracts();
}

void System::ask_contracts() {
  // Practice, evaluation and simulated funded accounts must ask for live = false: with true the list is empty.
  const bool live = std::none_of(accounts_.begin(), accounts_.end(), [](const auto& a) { return a.simulated; });
  std::array<char, 256> buffer{};
  rest_.ask(Endpoint::ContractAvailable, projectx::body::contract_available(buffer, live),
            [this](const projectx::HttpResult& result) { take_contracts(result); });
}

void System::take_contracts(const projectx::HttpResult& result) {
  const auto list = projectx::read_contracts(reader_, result.status == 200 ? result.body : std::string_view{});
  if (!list)
    return start_failed(result, "the contracts could not be read: " + why_not(result, &list.error()),
                        [this] { ask_contracts(); });
  for (const auto& c : list->contracts)
    parts_.contracts.learn(c.id, c.name, c.tick_size_nanos, c.tick_value, c.active);
  for (const Error& refused : list->refused) log(Level::Warning, "contract_refused", refused.message);
  if (list->contracts.empty()) return fatal("the gateway lists no contract: positions could not be valued");
  log(Level::Info, "contracts_loaded",
      fmt::format("{} contracts with tick size and tick value loaded", list->contracts.size()));
  guard_accounts();
  connect_hubs();
}

void System::guard_accounts() {
  std::size_t rule_count = 0;
  for (const auto& account : accounts_) {
    const AccountId id = account.info.account;
    if (const auto added = suites_.add_account(projectx::SuiteManager::first_session(), id); !added)
      return fatal(added.error().message);
    in_force_->add_account(id, account.name);
    const auto& rules = in_force_->rules_of(id);
    guardian_->watch(id, rules, pace_for(accounts_.size()), now());
    bridge_.watch(id);
    say_unlisted_symbols(rules);
    const auto enabled = std::ranges::count(rules, true, &RuleConfig::enabled);
    rule_count += static_cast<std::size_t>(enabled);
    if (enabled == 0)
      log(Level::Warning, "no_rules", fmt::format("account {} is watched, but no rule is enabled for it", id.value()),
          {{"account", id}});
  }
  record_run_start(restore_from_store());
  checkpoint("rules_initialised",
             fmt::format("{} rules initialised, counted over {} accounts", rule_count, accounts_.size()),
             {{"rules", rule_count}, {"accounts", accounts_.size()}});
  keep_config();
  say_held_config();
  started_ = true;
  if (auto wanted = std::exchange(wanted_early_, std::nullopt)) reload(std::move(*wanted));
}

// Accounts mostly share their rules: each sentence once, until the process ends.
void System::say_unlisted_symbols(const std::vector<RuleConfig>& rules) {
  for (std::string& sentence : unlisted_symbols(rules, parts_.contracts)) {
    if (!unlisted_said_.insert(sentence).second) continue;
    log(Level::Warning, "unlisted_symbol", sentence);
    parts_.notifier.notify(Notice{NoticeKind::Health, now(), {}, {}, {}, std::move(sentence)});
  }
}

// ── the configuration ────────────────────────────────────────────────────────────────────────────────────────────
// Here the broker's time is known, which alone says whether the trading day of before the restart still runs.
void System::put_config_in_force() {
  if (in_force_) return;
  const KeptConfig* kept = parts_.kept != nullptr && now() < parts_.kept->until ? parts_.kept : nullptr;
  in_force_.emplace(parts_.config, kept != nullptr ? std::optional{kept->config} : std::nullopt);
  config_status_.loaded_at = now();
  if (kept == nullptr) return;
  calendar_ = &kept->calendar;
  guardian_ = make_guardian(*calendar_, kept->config);
  recorder_.set_book(guardian_->book());
}

void System::say_held_config() {
  std::vector<std::string> held = in_force_->pending();
  for (const std::string& text : in_force_->needs_restart()) held.push_back(text);
  if (!held.empty()) recorder_.on_config_held(held, now());
}

void System::reload(Config wanted) {
  if (!started_) {
    wanted_early_ = std::move(wanted);
    return;
  }
  follow_trading_day();
  in_force_->want(std::move(wanted));
  config_status_.loaded_at = now();
  config_status_.refused.clear();
  recorder_.on_config_reloaded(parts_.config_file, in_force_->changed(), in_force_->pending(),
                               in_force_->needs_restart(), now());
  apply_changed_rules();
  keep_config();
}

void System::refuse_config(const Problems& problems, std::string_view instead) {
  std::vector<std::string> texts;
  for (const Problem& problem : problems) texts.push_back(problem.text());
  config_status_.refused = texts.front();
  recorder_.on_config_refused(parts_.config_file, texts, instead, now());
}

// All accounts have their rules before the first of them is looked at.
void System::apply_changed_rules() {
  RulesChanged change{now(), computer_clock(), in_parts(to_yaml(in_force_->to_keep())), {}};
  for (const auto& account : accounts_) {
    if (in_force_->rules_changed(account.info.account)) change.accounts.push_back(account.info.account);
  }
  if (change.accounts.empty()) return;
  recorder_.tape().on_rules_changed(change);
  for (const AccountId id : change.accounts) {
    guardian_->replace_rules(id, in_force_->rules_of(id));
    say_unlisted_symbols(in_force_->rules_of(id));
  }
  guardian_->look_again(now());
  follow_contracts();
  arm();
}

void System::keep_config() {
  day_ends_ = calendar_->next_reset(now());
  parts_.store.record_config(calendar_->day_of(now()), day_ends_, to_yaml(in_force_->to_keep()));
}

// Before anything of the new day is looked at: the old limits are not its own any more.
void System::follow_trading_day() {
  if (!started_ || now() < day_ends_) return;
  in_force_->begin_day();
  if (!in_force_->changed().empty()) recorder_.on_config_applied(in_force_->changed(), now());
  apply_changed_rules();
  keep_config();
}

std::vector<ResumedEnforcement> System::restore_from_store() {
  std::vector<ResumedEnforcement> resumed;
  const Recovered& recovered = parts_.store.recovered();
  for (const Lock& lock : recovered.locks) {
    guardian_->restore(lock);
    const bool watched = guardian_->book().find(lock.account) != nullptr;
    log(watched ? Level::Warning : Level::Error, "lock_restored",
        fmt::format("account {} is still locked by {}: {}{}", lock.account.value(), lock.rule,
                    recorder_.explain(lock.reason),
                    watched ? "" : "; the login does not list this account, so the lock cannot be enforced"),
        {{"rule", lock.rule}, {"account", lock.account}});
  }
  for (const auto& [account, rule, clock] : recovered.clocks) {
    const bool watched = guardian_->book().find(account) != nullptr;
    // A clock of a rule that was taken out would be far too old if the rule came back later.
    if (!guardian_->restore_clock(account, rule, clock) && watched) parts_.store.record_clocks(account, rule, {});
  }
  for (const OpenEnforcement& open : recovered.enforcements) {
    if (!still_valid(open)) {
      Receipt closed;
      closed.enforcement = open.decision.id;
      closed.account = open.decision.account;
      closed.decided_at = open.decision.at;
      closed.verified_at = now();
      parts_.store.record_receipt(closed);
      log(Level::Warning, "enforcement_superseded",
          fmt::format("enforcement {} of an earlier trading day was not finished; the rules are evaluated afresh",
                      open.decision.id.value()),
          {{"enforcement", open.decision.id}, {"account", open.decision.account}});
      continue;
    }
    UnfinishedEnforcement unfinished{open.decision.id, open.decision.account, open.decision.goal, {}, {},
                                     open.decision.at};
    for (const Violation& violation : open.decision.violations) {
      unfinished.rules.push_back(violation.rule);
      unfinished.reasons.push_back(violation.reason);
    }
    log(Level::Warning, "enforcement_resumed",
        fmt::format("enforcement {} of account {} was not finished: it goes on", unfinished.id.value(),
                    unfinished.account.value()),
        {{"enforcement", unfinished.id}, {"account", unfinished.account}});
    guardian_->resume(unfinished, now());
    resumed.push_back({unfinished.id, unfinished.account, unfinished.goal});
  }
  return resumed;
}

// For replays: all that the engine goes by from here on, before its first event.
void System::record_run_start(std::vector<ResumedEnforcement> resumed) {
  const Recovered& recovered = parts_.store.recovered();
  RunStart start{.version = RM_VERSION,
                 .at = now(),
                 .computer_time = computer_clock(),
                 .yaml = in_parts(to_yaml(in_force_->to_keep())),
                 .accounts = {},
                 .locks = recovered.locks,
                 .clocks = recovered.clocks,
                 .resumed = std::move(resumed),
                 .next_enforcement = recovered.next_enforcement};
  for (const auto& account : accounts_) start.accounts.push_back({account.info.account, account.name});
  recorder_.tape().on_run_started(start);
}

// An enforcement goes on over a restart on its own trading day, or while one of its locks holds; later the trader may
// have positions that it never was about.
bool System::still_valid(const OpenEnforcement& open) const {
  if (!guardian_->book().find(open.decision.account)) return false;
  if (open.decision.at >= calendar_->day_of(now())) return true;
  return std::any_of(open.decision.locks.begin(), open.decision.locks.end(), [&](const Lock& lock) {
    const auto* end = std::get_if<UntilTime>(&lock.until);
    return !end || end->time > now();
  });
}

// Remembers which token a hub was given: a refusal of an old one is no reason for another login.
std::string System::token_for(Hub hub) {
  hub_token_generation_[static_cast<std::size_t>(hub)] = rest_.token_generation();
  return rest_.token();
}

void System::connect_hubs() {
  const std::int64_t now_ns = parts_.loop.monotonic_ns();
  user_hub_.carry_out(user_hub_.session().subscribe_accounts(now_ns));
  for (const auto& account : accounts_)
    user_hub_.carry_out(user_hub_.session().subscribe_account(account.info.account, now_ns));
  user_hub_.connect();
  market_hub_.connect();
  arm();
}

// ── hubs
// ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
void System::on_hub_connected(Hub hub, int refused_subscriptions) {
  log(refused_subscriptions ? Level::Error : Level::Info, "hub_connected",
      fmt::format("{} connected, {}", projectx::name_of(hub),
                  refused_subscriptions ? fmt::format("{} subscriptions REFUSED", refused_subscriptions)
                                        : "every subscription confirmed"),
      {{"hub", projectx::name_of(hub)}, {"refused", refused_subscriptions}});
  if (hub == Hub::Market) market_feed_.on_connected(parts_.loop.monotonic_ns());
  if (hub != Hub::User) return;
  if (refused_subscriptions > 0) {  // a stream with holes is none: polling stands in, and it is tried again
    parts_.loop.post([this] { user_hub_.reconnect("a subscription was refused"); });
    return;
  }
  user_stream_up_ = true;
  generation_ = Generation{generation_.value() + 1};
  guardian_->on_user_stream(true, generation_, now());
  arm();
}

void System::on_hub_lost(Hub hub, std::string_view why, std::string_view text, int http_status, Duration retry_in) {
  parts_.metrics.count_reconnect(projectx::name_of(hub));
  log(Level::Warning, "hub_lost",
      fmt::format("{} lost ({}): {}; next attempt in {} ms", projectx::name_of(hub), why, text,
                  std::chrono::duration_cast<std::chrono::milliseconds>(retry_in).count()),
      {{"hub", projectx::name_of(hub)}, {"why", why}, {"http_status", http_status}});
  if (http_status == 401 || http_status == 403)
    rest_.on_hub_unauthorised(hub_token_generation_[static_cast<std::size_t>(hub)]);
  if (hub == Hub::Market) market_feed_.on_lost();
  if (hub != Hub::User || !std::exchange(user_stream_up_, false)) return;
  guardian_->on_user_stream(false, generation_, now());
  arm();
}

void System::on_hub_invoked(Hub hub, projectx::HubTarget target, projectx::PaddedSpan arguments,
                            std::int64_t received_ns) {
  if (hub == Hub::Market) market_feed_.on_data(received_ns);
  if (log_enabled(Level::Trace)) {
    log(Level::Trace, "heard", projectx::text_of(arguments),
        {{"hub", projectx::name_of(hub)}, {"target", projectx::name_of(target)}});
  }
  const auto events = bridge_.on_hub_record(hub, target, arguments, clock_.at(received_ns), received_ns);
  if (const auto stamp = bridge_.newest_stamp()) clock_.on_stamp(*stamp, received_ns);
  for (const RiskEvent& event : events) guardian_->enqueue(event);
}

void System::on_hub_message_done(Hub) {
  follow_trading_day();
  guardian_->drain(now());
  follow_contracts();
  arm();
}

void System::on_hub_refusal(Hub hub, std::string_view what, std::string_view text) {
  log(Level::Warning, "hub_refusal", fmt::format("{}: {}: {}", projectx::name_of(hub), what, text),
      {{"hub", projectx::name_of(hub)}});
}

void System::on_pushed_out(Hub hub) {
  const std::string text =
      "another program or platform window of this user keeps ending our stream; protection goes on over REST "
      "polling. Close the other session";
  log(Level::Error, "pushed_out", text, {{"hub", projectx::name_of(hub)}});
  parts_.notifier.notify(Notice{NoticeKind::Health, now(), {}, {}, {}, text});
}

// ── REST
// ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
void System::on_http(projectx::RequestCookie cookie, const projectx::HttpResult& result) {
  follow_trading_day();
  if (auto reply = suites_.on_http(cookie, result)) {
    // The broker's words go into the journal and the database: what they repeat of a secret does not.
    if (!reply->text.empty() && !redactor().empty()) reply->text = redactor().apply(reply->text);
    guardian_->on_reply(*reply, now());
  }
  follow_contracts();
  arm();
}

// Quotes are subscribed for what is held or ordered. Asked for later in the loop: a session must not be called from
// inside itself.
void System::follow_contracts() {
  const std::size_t known = parts_.contracts.size();
  if (followed_.size() < known) {
    followed_.resize(known, false);
    ask_record_again_.resize(known, 0);
  }
  const auto follow = [&](ContractId contract) {
    if (followed_[contract.value()]) return;
    followed_[contract.value()] = true;
    parts_.loop.post([this, contract] {
      market_hub_.carry_out(market_hub_.session().subscribe_contract(parts_.contracts.at(contract).broker_id,
                                                                     parts_.loop.monotonic_ns()));
      learn_contract(contract);
    });
  };
  for (const auto& book : guardian_->book().accounts()) {
    for (const Holding& holding : book->holdings()) {
      if (!holding.flat()) follow(holding.contract);
    }
    for (const Order& order : book->orders().all()) follow(order.contract);
  }
}

// A contract that is not among the active ones (an old month still held) has a record of its own.
void System::learn_contract(ContractId contract) {
  const std::int64_t now_ns = parts_.loop.monotonic_ns();
  std::int64_t& again = ask_record_again_[contract.value()];
  if (parts_.contracts.at(contract).valuable() || now_ns < again) return;
  again = now_ns + kAskRecordEvery;
  std::array<char, 512> buffer{};
  rest_.ask(Endpoint::ContractSearchById,
            projectx::body::contract_by_id(buffer, parts_.contracts.at(contract).broker_id),
            [this, contract](const projectx::HttpResult& result) {
              const auto record =
                  projectx::read_contract_by_id(reader_, result.status == 200 ? result.body : std::string_view{});
              if (record) {
                parts_.contracts.learn(record->id, record->name, record->tick_size_nanos, record->tick_value,
                                       record->active);
                return;
              }
              log(Level::Error, "contract_unknown",
                  "a contract's record could not be read, positions in it cannot be valued: " +
                      why_not(result, &record.error()),
                  {{"contract", parts_.contracts.at(contract).broker_id}});
            });
}

void System::learn_followed_contracts() {
  for (std::size_t i = 0; i < followed_.size(); ++i) {
    if (followed_[i]) learn_contract(ContractId{static_cast<std::uint32_t>(i)});
  }
}

// A person must know when nobody watches: an account that is not known, or whose stream is down, for half a minute
// and longer.
void System::say_if_not_synchronised() {
  const std::int64_t now_ns = parts_.loop.monotonic_ns();
  std::string who;
  for (const auto& book : guardian_->book().accounts()) {
    if (book->sync() == SyncState::Synchronised) continue;
    who += fmt::format("{}account {} ({})", who.empty() ? "" : ", ", book->id().value(),
                       why_not_synchronised(book->sync()));
  }
  if (who.empty()) {
    unguarded_since_ns_ = unguarded_said_ns_ = 0;
    return;
  }
  if (unguarded_since_ns_ == 0) unguarded_since_ns_ = now_ns;
  const bool due = unguarded_said_ns_ == 0 ? now_ns - unguarded_since_ns_ >= kSayUnguardedAfter
                                           : now_ns - unguarded_said_ns_ >= kSayUnguardedEvery;
  if (!due) return;
  unguarded_said_ns_ = now_ns;
  log(Level::Error, "not_synchronised", who);
  parts_.notifier.notify(Notice{NoticeKind::Health, now(), {}, {}, {}, who});
}

// The budget must be able to pay for the way out at any time. Said when it can not, and when it can again.
void System::say_if_exits_are_short() {
  const int needed = requests_to_flatten(guardian_->book()), left = rest_.exits_left();
  const bool is_short = needed > left;
  if (std::exchange(exits_short_, is_short) == is_short) return;
  const std::string text =
      is_short
          ? fmt::format(
                "flattening everything now would take {} requests, the gateway's limit leaves {}: the rest "
                "would have to wait",
                needed, left)
          : fmt::format("the gateway's limit leaves enough requests again to flatten everything: {} of {} needed",
                        left, needed);
  log(is_short ? Level::Error : Level::Info, "exits_short", text, {{"needed", needed}, {"left", left}});
  if (is_short) parts_.notifier.notify(Notice{NoticeKind::Health, now(), {}, {}, {}, text});
}

// Prices of what is held or ordered must move while the market is open. A connection that only pings is worth
// nothing.
void System::thaw_market_feed() {
  const bool followed = std::ranges::any_of(guardian_->book().accounts(), [](const auto& book) {
    return book->orders().any() || std::ranges::any_of(book->holdings(), [](const Holding& h) { return !h.flat(); });
  });
  if (!market_feed_.frozen(followed && parts_.market_hours.open_at(now()), parts_.loop.monotonic_ns())) return;
  market_hub_.reconnect("no price came although the market is open");
}

// ── time
// ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
void System::arm() {
  if (!started_) return;
  if (const auto due = guardian_->next_deadline()) {
    guard_timer_.arm_at(clock_.monotonic_of(*due));
  } else {
    guard_timer_.cancel();
  }
}

void System::on_guard_timer() {
  follow_trading_day();
  guardian_->on_deadline(now());
  follow_contracts();
  arm();
}

void System::on_housekeeping() {
  follow_trading_day();
  recorder_.check_health(now());
  say_if_not_synchronised();
  say_if_exits_are_short();
  thaw_market_feed();
  learn_followed_contracts();
  recorder_.flush_story();
  say_refusals();
  arm();  // an answer's Date may have moved the clock, after a sleep of the computer by hours: no event tells of that
  housekeeping_.arm_at(parts_.loop.monotonic_ns() + kHousekeeping.count());
}

// Garbage on the wire: each kind said at most once a minute, with how many there were.
void System::say_refusals() {
  const std::int64_t now_ns = parts_.loop.monotonic_ns();
  if (refusals_said_ns_ != 0 && now_ns - refusals_said_ns_ < kSayRefusalsEvery) return;
  for (const Refusal& refusal : bridge_.refusals().all()) {
    std::uint64_t& said = said_refusals_[static_cast<std::size_t>(refusal.kind)];
    if (refusal.count == said) continue;
    for (; said < refusal.count; ++said) parts_.metrics.count_refused_message(name_of(refusal.kind));
    const bool normal = refusal.kind == RefusalKind::NotWatched || refusal.kind == RefusalKind::UnknownContract;
    log(normal ? Level::Debug : Level::Warning, "message_refused",
        fmt::format("{} messages refused so far ({}): {}", refusal.count, name_of(refusal.kind), refusal.sample),
        {{"kind", name_of(refusal.kind)}, {"count", refusal.count}});
    refusals_said_ns_ = now_ns;
  }
}

void System::on_store_progress() {
  while (const auto id = parts_.store.poll_durable()) recorder_.on_durable(*id);
  recorder_.flush_story();
}

std::string System::status() {
  GatewayStatus gateway;
  gateway.api_url = parts_.config.gateway.api_url;
  gateway.logged_in = !rest_.token().empty();
  gateway.user_hub = user_hub_.connected();
  gateway.market_hub = market_hub_.connected();
  gateway.requests_left = rest_.requests_left();
  gateway.exits_left = rest_.exits_left();
  gateway.needed_to_flatten = requests_to_flatten(guardian_->book());
  gateway.found_by_reads = recorder_.found_by_reads();
  for (const Refusal& refusal : bridge_.refusals().all()) {
    if (refusal.kind != RefusalKind::NotWatched) gateway.refused_messages += refusal.count;
  }
  const StoreHealth health = parts_.store.health();
  if (in_force_) {
    config_status_.pending = in_force_->pending();
    config_status_.needs_restart = in_force_->needs_restart();
  }
  return status_json(StatusInput{guardian_->book(), guardian_->engine(), guardian_->executor(), parts_.contracts,
                                 recorder_.receipts(), gateway, health, guardian_->bus().failures(), now(),
                                 config_status_, log_health()});
}

}  // namespace rm
