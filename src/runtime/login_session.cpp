#include "runtime/login_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "config/print.h"
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

LoginSession::LoginSession(const LoginSessionParts& parts, std::string name, std::uint64_t number,
                           const Config& config, const Credentials& credentials, LoginSessionOwner& owner)
    : parts_{parts},
      name_{std::move(name)},
      started_with_{config},
      owner_{owner},
      clock_{computer_clock(), parts_.loop.monotonic_ns()},
      rest_{parts_.loop, url_of(config.gateway.api_url), config.gateway.ca_file, credentials, clock_, *this},
      suite_session_{parts_.suites.add_session(rest_)},
      bridge_{parts_.contracts},
      recorder_{parts_.store, parts_.metrics, parts_.notifier, parts_.contracts,
                [this] { return parts_.loop.monotonic_ns(); }},
      calendar_{&parts_.calendar},
      guardian_{make_guardian(parts_.calendar, config)},
      user_hub_{parts_.loop,
                Hub::User,
                url_of(config.gateway.user_hub_url),
                config.gateway.ca_file,
                [this] { return token_for(Hub::User); },
                *this,
                config.gateway.hub_timeout,
                2 * number + 1},
      market_hub_{parts_.loop,
                  Hub::Market,
                  url_of(config.gateway.market_hub_url),
                  config.gateway.ca_file,
                  [this] { return token_for(Hub::Market); },
                  *this,
                  config.gateway.hub_timeout,
                  2 * number + 2},
      follower_{{parts_.loop, parts_.contracts, parts_.records, rest_, market_hub_, name_,
                 [this](std::string sentence) { tell_loudly("ticks_differ", std::move(sentence)); }}},
      watch_{{rest_, bridge_, market_hub_, parts_.market_hours, parts_.metrics,
              [this](std::string sentence) { tell(std::move(sentence)); }},
             config.gateway.frozen_feed_after},
      config_{{name_, config, parts_.kept, parts_.archive, recorder_}, now()},
      start_{{parts_.loop, rest_, parts_.records, name_, config, parts_.store.recovered()},
             {.guards = [this](AccountId id, std::string_view account) { return guards(id, account); },
              .ready = [this] { guard_accounts(); },
              .tell = [this](std::string sentence) { tell_loudly("ticks_differ", std::move(sentence)); },
              .failed = [this](const std::string& sentence) { return owner_.on_session_failed(*this, sentence); }}},
      guard_timer_{parts_.loop, [this] { on_guard_timer(); }},
      housekeeping_{parts_.loop, [this] { on_housekeeping(); }} {
  recorder_.tape().set_login(static_cast<std::uint32_t>(number), name_);
  recorder_.set_book(guardian_->book());
  recorder_.set_recovered_days(parts_.store.recovered().days);
}

LoginSession::~LoginSession() = default;

std::unique_ptr<Guardian> LoginSession::make_guardian(const TradingCalendar& calendar, const Config& settings) {
  return std::make_unique<Guardian>(parts_.contracts, calendar, parts_.suites, recorder_,
                                    Guardian::Settings{.mark = mark_of(settings.valuation.mark),
                                                       .stale_after = settings.valuation.stale_after,
                                                       .blind = policy_of(settings.on_blind),
                                                       .shared = &parts_.numbers});
}

LogLogin LoginSession::say_of_me() const {
  // One broker's time has nothing to do with another's.
  if (!name_.empty() && clock_.known()) set_log_broker_time(now());
  return LogLogin{name_};
}

void LoginSession::tell(std::string sentence) {
  if (!name_.empty()) sentence = fmt::format("login '{}': {}", name_, sentence);
  parts_.notifier.notify(Notice{NoticeKind::Health, now(), {}, {}, {}, std::move(sentence)});
}

void LoginSession::tell_loudly(std::string_view event, std::string sentence) {
  log(Level::Error, event, sentence);
  tell(std::move(sentence));
}

void LoginSession::start() {
  const LogLogin said_of = say_of_me();
  housekeeping_.arm_at(parts_.loop.monotonic_ns() + kHousekeeping.count());
  rest_.login();
}

void LoginSession::stop() {
  const LogLogin said_of = say_of_me();
  guard_timer_.cancel();
  housekeeping_.cancel();
  user_hub_.close();
  market_hub_.close();
}

// ── start-up
// ─────────────────────────────────────────────────────────────────────────────────────────────────────────
void LoginSession::on_login(bool good, bool refused, std::string_view text) {
  const LogLogin said_of = say_of_me();
  start_.on_login(good, refused, text);
}

bool LoginSession::guards(AccountId account, std::string_view name) {
  put_config_in_force();
  return config_.in_force().guards(account, name);
}

const std::string& LoginSession::problem() const {
  return start_.problem().empty() ? not_guarded_ : start_.problem();
}

// An account that another login lists too is guarded once, by whoever was first: two would close each other's closes.
std::vector<projectx::AccountRecord> LoginSession::accounts_of_mine() {
  std::vector<projectx::AccountRecord> mine;
  for (const projectx::AccountRecord& account : start_.accounts()) {
    const AccountId id = account.info.account;
    if (parts_.suites.add_account(suite_session_, id)) {
      mine.push_back(account);
    } else {
      not_guarded_ = fmt::format(
          "account {} has the number of one that another login guards: it is NOT guarded by this one", id.value());
      tell_loudly("account_guarded_elsewhere", not_guarded_);
    }
  }
  return mine;
}

void LoginSession::guard_accounts() {
  accounts_ = accounts_of_mine();
  std::size_t rule_count = 0;
  for (const auto& account : accounts_) {
    const AccountId id = account.info.account;
    config_.in_force().add_account(id, account.name);
    const auto& rules = config_.in_force().rules_of(id);
    guardian_->watch(id, rules, pace_for(accounts_.size()), now());
    bridge_.watch(id);
    say_unlisted_symbols(rules);
    const auto enabled = std::ranges::count(rules, true, &RuleConfig::enabled);
    rule_count += static_cast<std::size_t>(enabled);
    if (enabled == 0)
      log(Level::Warning, "no_rules", fmt::format("account {} is watched, but no rule is enabled for it", id.value()),
          {{"account", id}});
  }
  if (auto unproven = unproven_at_start(parts_.contracts, *guardian_, config_.in_force(), now())) {
    not_guarded_ = std::move(*unproven);
    owner_.on_session_unproven(*this, not_guarded_);
    return;
  }
  record_run_start(restore_from_store(*guardian_, recorder_, parts_.store, *calendar_, now()));
  started_ = true;
  owner_.on_session_armed(*this);
  checkpoint("rules_initialised",
             fmt::format("{} rules initialised, counted over {} accounts", rule_count, accounts_.size()),
             {{"rules", rule_count}, {"accounts", accounts_.size()}});
  config_.keep(*calendar_, now());
  config_.say_held(now());
  take_early_config();
  connect_hubs();
}

void LoginSession::take_early_config() {
  auto wanted = std::exchange(wanted_early_, std::nullopt);
  if (!wanted) return;
  want(std::move(*wanted));
  const ConfigInForce& in_force = config_.in_force();
  recorder_.on_config_reloaded(parts_.config_file, in_force.changed(), in_force.pending(), in_force.needs_restart(),
                               now());
  apply_wanted();
}

// Each sentence once, until the process ends.
void LoginSession::say_unlisted_symbols(const std::vector<RuleConfig>& rules) {
  for (std::string& sentence : unlisted_symbols(rules, parts_.contracts)) {
    if (!parts_.unlisted_said.insert(sentence).second) continue;
    log(Level::Warning, "unlisted_symbol", sentence);
    parts_.notifier.notify(Notice{NoticeKind::Health, now(), {}, {}, {}, std::move(sentence)});
  }
}

// ── the configuration ────────────────────────────────────────────────────────────────────────────────────────────
// Here the broker's time is known, which alone says whether the trading day of before the restart still runs.
void LoginSession::put_config_in_force() {
  if (config_.known()) return;
  const KeptConfig* kept = config_.put_in_force(now());
  if (kept == nullptr) return;
  calendar_ = &kept->calendar;
  guardian_ = make_guardian(*calendar_, kept->config);
  recorder_.set_book(guardian_->book());
}

std::optional<std::string> LoginSession::unproven(const Config& wanted) {
  if (!started_) return std::nullopt;
  const LogLogin said_of = say_of_me();
  follow_trading_day();
  return unproven_with(wanted, parts_.contracts, *guardian_, config_.in_force(), now());
}

void LoginSession::want(Config wanted) {
  const LogLogin said_of = say_of_me();
  if (!started_) {
    wanted_early_ = std::move(wanted);
    return;
  }
  follow_trading_day();
  config_.want(std::move(wanted), now());
}

void LoginSession::apply_wanted() {
  if (!started_) return;
  const LogLogin said_of = say_of_me();
  apply_changed_rules();
  config_.keep(*calendar_, now());
}

// All accounts have their rules before the first of them is looked at.
void LoginSession::apply_changed_rules() {
  const ConfigInForce& in_force = config_.in_force();
  RulesChanged change{now(), computer_clock(), in_parts(to_yaml_to_share(in_force.to_keep())), {}};
  for (const auto& account : accounts_) {
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
void LoginSession::follow_trading_day() {
  if (!started_ || !config_.day_is_over(now())) return;
  config_.begin_day(now());
  apply_changed_rules();
  config_.keep(*calendar_, now());
}

// For replays: all that the engine goes by from here on, before its first event.
void LoginSession::record_run_start(std::vector<ResumedEnforcement> resumed) {
  const Recovered& recovered = parts_.store.recovered();
  RunStart start{.version = RM_VERSION,
                 .at = now(),
                 .computer_time = computer_clock(),
                 .yaml = in_parts(to_yaml_to_share(config_.in_force().to_keep())),
                 .accounts = {},
                 .locks = recovered.locks,
                 .clocks = recovered.clocks,
                 .resumed = std::move(resumed),
                 .next_enforcement = parts_.numbers.enforcements.next()};
  for (const auto& account : accounts_) start.accounts.push_back({account.info.account, account.name});
  recorder_.tape().on_run_started(start);
}

// Remembers which token a hub was given: a refusal of an old one is no reason for another login.
std::string LoginSession::token_for(Hub hub) {
  hub_token_generation_[static_cast<std::size_t>(hub)] = rest_.token_generation();
  return rest_.token();
}

void LoginSession::connect_hubs() {
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
void LoginSession::on_hub_connected(Hub hub, int refused_subscriptions) {
  const LogLogin said_of = say_of_me();
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

void LoginSession::on_hub_lost(Hub hub, std::string_view why, std::string_view text, int http_status,
                               Duration retry_in) {
  const LogLogin said_of = say_of_me();
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

void LoginSession::on_hub_invoked(Hub hub, projectx::HubTarget target, projectx::PaddedSpan arguments,
                                  std::int64_t received_ns) {
  const LogLogin said_of = say_of_me();
  if (hub == Hub::Market) watch_.market_feed().on_data(received_ns);
  if (log_enabled(Level::Trace)) {
    log(Level::Trace, "heard", projectx::text_of(arguments),
        {{"hub", projectx::name_of(hub)}, {"target", projectx::name_of(target)}});
  }
  const auto events = bridge_.on_hub_record(hub, target, arguments, clock_.at(received_ns), received_ns);
  if (const auto stamp = bridge_.newest_stamp()) clock_.on_stamp(*stamp, received_ns);
  for (const RiskEvent& event : events) guardian_->enqueue(event);
}

void LoginSession::on_hub_message_done(Hub) {
  const LogLogin said_of = say_of_me();
  follow_trading_day();
  guardian_->drain(now());
  follow_contracts();
  arm();
}

void LoginSession::on_hub_refusal(Hub hub, std::string_view what, std::string_view text) {
  const LogLogin said_of = say_of_me();
  log(Level::Warning, "hub_refusal", fmt::format("{}: {}: {}", projectx::name_of(hub), what, text),
      {{"hub", projectx::name_of(hub)}});
}

void LoginSession::on_pushed_out(Hub hub) {
  const LogLogin said_of = say_of_me();
  const std::string text =
      "another program or platform window of this user keeps ending our stream; protection goes on over REST "
      "polling. Close the other session";
  log(Level::Error, "pushed_out", text, {{"hub", projectx::name_of(hub)}});
  tell(text);
}

// ── REST
// ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
void LoginSession::on_http(projectx::RequestCookie cookie, const projectx::HttpResult& result) {
  const LogLogin said_of = say_of_me();
  follow_trading_day();
  if (auto reply = parts_.suites.on_http(cookie, result)) {
    // The broker's words go into the journal and the database: what they repeat of a secret does not.
    if (!reply->text.empty() && !redactor().empty()) reply->text = redactor().apply(reply->text);
    guardian_->on_reply(*reply, now());
  }
  follow_contracts();
  arm();
}

// ── time
// ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
void LoginSession::arm() {
  if (!started_) return;
  if (const auto due = guardian_->next_deadline()) {
    guard_timer_.arm_at(clock_.monotonic_of(*due));
  } else {
    guard_timer_.cancel();
  }
}

void LoginSession::on_guard_timer() {
  const LogLogin said_of = say_of_me();
  follow_trading_day();
  guardian_->on_deadline(now());
  follow_contracts();
  arm();
}

void LoginSession::on_housekeeping() {
  const LogLogin said_of = say_of_me();
  follow_trading_day();
  recorder_.settle_hidden(now());
  watch_.look(guardian_->book(), problem(), now(), parts_.loop.monotonic_ns());
  follower_.learn_followed();
  recorder_.flush_story();
  arm();  // an answer's Date may have moved the clock, after a sleep of the computer by hours: no event tells of that
  housekeeping_.arm_at(parts_.loop.monotonic_ns() + kHousekeeping.count());
}

LoginStatus LoginSession::status() const {
  GatewayStatus gateway;
  gateway.api_url = started_with_.gateway.api_url;
  gateway.logged_in = !rest_.token().empty();
  gateway.user_hub = user_hub_.connected();
  gateway.market_hub = market_hub_.connected();
  gateway.requests_left = rest_.requests_left();
  gateway.exits_left = rest_.exits_left();
  gateway.needed_to_flatten = requests_to_flatten(guardian_->book());
  gateway.found_by_reads = recorder_.found_by_reads();
  gateway.problem = problem();
  for (const Refusal& refusal : bridge_.refusals().all()) {
    if (refusal.kind != RefusalKind::NotWatched) gateway.refused_messages += refusal.count;
  }
  return LoginStatus{.name = name_,
                     .book = guardian_->book(),
                     .engine = guardian_->engine(),
                     .executor = guardian_->executor(),
                     .receipts = recorder_.receipts(),
                     .gateway = std::move(gateway),
                     .handler_failures = guardian_->bus().failures(),
                     .now = now()};
}

}  // namespace rm
