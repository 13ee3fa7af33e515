#include "runtime/system.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "enforcement/exit_cost.h"
#include "observe/log.h"
#include "observe/redactor.h"
#include "replay/engine_settings.h"
#include "runtime/restored_state.h"
#include "runtime/rule_proof.h"
#include "runtime/unlisted_symbols.h"

namespace rm {
namespace {

using namespace std::chrono_literals;
using projectx::Hub;

constexpr Duration kHousekeeping = 1s;
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

Reconciler::Pace pace_for(std::size_t accounts) {
  Reconciler::Pace pace;
  pace.stream_down *= static_cast<std::int64_t>(std::max<std::size_t>(accounts, 1));
  pace.stream_up *= static_cast<std::int64_t>((accounts + kAccountsAtFullPace - 1) / kAccountsAtFullPace);
  return pace;
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
                parts_.config.gateway.hub_timeout,
                1},
      market_hub_{parts_.loop,
                  Hub::Market,
                  url_of(parts_.config.gateway.market_hub_url),
                  parts_.config.gateway.ca_file,
                  [this] { return token_for(Hub::Market); },
                  *this,
                  parts_.config.gateway.hub_timeout,
                  2},
      follower_{parts_.loop, parts_.contracts, rest_, market_hub_},
      watch_{{rest_, bridge_, market_hub_, parts_.market_hours, parts_.metrics, parts_.notifier},
             parts_.config.gateway.frozen_feed_after},
      config_{parts_.config, parts_.config_file, parts_.kept, parts_.store, recorder_, now()},
      start_{{parts_.loop, rest_, parts_.contracts, parts_.config, parts_.store.recovered()},
             {.guards = [this](AccountId id, std::string_view name) { return guards(id, name); },
              .ready =
                  [this] {
                    guard_accounts();
                    if (started_) connect_hubs();
                  },
              .failed = [this](const std::string& sentence) { on_fatal_(sentence); }}},
      guard_timer_{parts_.loop, [this] { on_guard_timer(); }},
      housekeeping_{parts_.loop, [this] { on_housekeeping(); }} {
  recorder_.set_book(guardian_->book());
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

// ── start-up
// ─────────────────────────────────────────────────────────────────────────────────────────────────────────
void System::on_login(bool good, bool refused, std::string_view text) {
  start_.on_login(good, refused, text);
}

bool System::guards(AccountId account, std::string_view name) {
  put_config_in_force();
  return config_.in_force().guards(account, name);
}

void System::guard_accounts() {
  const auto& accounts = start_.accounts();
  std::size_t rule_count = 0;
  for (const auto& account : accounts) {
    const AccountId id = account.info.account;
    if (const auto added = suites_.add_account(projectx::SuiteManager::first_session(), id); !added)
      return on_fatal_(added.error().message);
    config_.in_force().add_account(id, account.name);
    const auto& rules = config_.in_force().rules_of(id);
    guardian_->watch(id, rules, pace_for(accounts.size()), now());
    bridge_.watch(id);
    say_unlisted_symbols(rules);
    const auto enabled = std::ranges::count(rules, true, &RuleConfig::enabled);
    rule_count += static_cast<std::size_t>(enabled);
    if (enabled == 0)
      log(Level::Warning, "no_rules", fmt::format("account {} is watched, but no rule is enabled for it", id.value()),
          {{"account", id}});
  }
  if (const auto unproven = unproven_at_start(parts_.contracts, *guardian_, config_.in_force(), now()))
    return on_fatal_(*unproven);
  record_run_start(restore_from_store(*guardian_, recorder_, parts_.store, *calendar_, now()));
  checkpoint("rules_initialised",
             fmt::format("{} rules initialised, counted over {} accounts", rule_count, accounts.size()),
             {{"rules", rule_count}, {"accounts", accounts.size()}});
  config_.keep(*calendar_, now());
  config_.say_held(now());
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
  if (config_.known()) return;
  const KeptConfig* kept = config_.put_in_force(now());
  if (kept == nullptr) return;
  calendar_ = &kept->calendar;
  guardian_ = make_guardian(*calendar_, kept->config);
  recorder_.set_book(guardian_->book());
}

void System::reload(Config wanted) {
  if (!started_) {
    wanted_early_ = std::move(wanted);
    return;
  }
  follow_trading_day();
  if (const auto unproven = unproven_with(wanted, parts_.contracts, *guardian_, config_.in_force(), now()))
    return refuse_config({Problem{.source = parts_.config_file, .message = *unproven}}, "the one in force stays");
  config_.want(std::move(wanted), now());
  apply_changed_rules();
  config_.keep(*calendar_, now());
}

void System::refuse_config(const Problems& problems, std::string_view instead) {
  config_.refuse(problems, instead, now());
}

// All accounts have their rules before the first of them is looked at.
void System::apply_changed_rules() {
  const ConfigInForce& in_force = config_.in_force();
  RulesChanged change{now(), in_parts(to_yaml(in_force.to_keep())), {}};
  for (const auto& account : start_.accounts()) {
    if (in_force.rules_changed(account.info.account)) change.accounts.push_back(account.info.account);
  }
  if (change.accounts.empty()) return;
  recorder_.tape().on_rules_changed(change);
  for (const AccountId id : change.accounts) {
    guardian_->replace_rules(id, in_force.rules_of(id));
    say_unlisted_symbols(in_force.rules_of(id));
  }
  guardian_->look_again(now());
  follow_contracts();
  arm();
}

// Before anything of the new day is looked at: the old limits are not its own any more.
void System::follow_trading_day() {
  if (!started_ || !config_.day_is_over(now())) return;
  config_.begin_day(now());
  apply_changed_rules();
  config_.keep(*calendar_, now());
}

// For replays: all that the engine goes by from here on, before its first event.
void System::record_run_start(std::vector<ResumedEnforcement> resumed) {
  const Recovered& recovered = parts_.store.recovered();
  RunStart start{.version = RM_VERSION,
                 .at = now(),
                 .yaml = in_parts(to_yaml(config_.in_force().to_keep())),
                 .accounts = {},
                 .locks = recovered.locks,
                 .clocks = recovered.clocks,
                 .resumed = std::move(resumed),
                 .next_enforcement = recovered.next_enforcement};
  for (const auto& account : start_.accounts()) start.accounts.push_back({account.info.account, account.name});
  recorder_.tape().on_run_started(start);
}

// Remembers which token a hub was given: a refusal of an old one is no reason for another login.
std::string System::token_for(Hub hub) {
  hub_token_generation_[static_cast<std::size_t>(hub)] = rest_.token_generation();
  return rest_.token();
}

void System::connect_hubs() {
  const std::int64_t now_ns = parts_.loop.monotonic_ns();
  user_hub_.carry_out(user_hub_.session().subscribe_accounts(now_ns));
  for (const auto& account : start_.accounts())
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
  if (hub == Hub::Market) watch_.market_feed().on_connected(parts_.loop.monotonic_ns());
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
  if (hub == Hub::Market) watch_.market_feed().on_lost();
  if (hub != Hub::User || !std::exchange(user_stream_up_, false)) return;
  guardian_->on_user_stream(false, generation_, now());
  arm();
}

void System::on_hub_invoked(Hub hub, projectx::HubTarget target, projectx::PaddedSpan arguments,
                            std::int64_t received_ns) {
  if (hub == Hub::Market) watch_.market_feed().on_data(received_ns);
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
  watch_.look(guardian_->book(), now(), parts_.loop.monotonic_ns());
  follower_.learn_followed();
  recorder_.flush_story();
  arm();  // an answer's Date may have moved the clock, after a sleep of the computer by hours: no event tells of that
  housekeeping_.arm_at(parts_.loop.monotonic_ns() + kHousekeeping.count());
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
  return status_json(StatusInput{guardian_->book(), guardian_->engine(), guardian_->executor(), parts_.contracts,
                                 recorder_.receipts(), gateway, health, guardian_->bus().failures(), now(),
                                 config_.status(), log_health()});
}

}  // namespace rm
