#include "runtime/login_session.h"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <utility>

#include "enforcement/exit_cost.h"
#include "observe/log.h"
#include "observe/redactor.h"
#include "runtime/computer_clock.h"

namespace rm {
namespace {

using namespace std::chrono_literals;

constexpr Duration kHousekeeping = 1s;

net::Url url_of(const std::string& text) {
  const auto url = net::parse_url(text);
  if (!url) throw std::runtime_error{url.error()};
  return *url;
}

}  // namespace

LoginSession::LoginSession(const LoginSessionParts& parts, std::string name, std::uint64_t number,
                           const Config& config, const Credentials& credentials, LoginSessionOwner& owner)
    : parts_{parts},
      name_{std::move(name)},
      started_with_{config},
      owner_{owner},
      clock_{computer_clock(), parts_.loop.monotonic_ns()},
      voice_{name_, parts_.loop, clock_, parts_.notifier},
      rest_{parts_.loop, url_of(config.gateway.api_url), config.gateway.ca_file, credentials, clock_, *this},
      bridge_{parts_.contracts},
      recorder_{parts_.store, parts_.metrics, parts_.notifier, parts_.contracts,
                [this] { return parts_.loop.monotonic_ns(); }},
      accounts_{{parts_.contracts, parts_.suites, parts_.suites.add_session(rest_), parts_.store, parts_.notifier,
                 parts_.numbers, parts_.unlisted_said, bridge_, recorder_, voice_},
                parts_.calendar,
                config},
      streams_{{parts_.loop, rest_, bridge_, clock_, parts_.metrics, voice_},
               {.user_hub = url_of(config.gateway.user_hub_url),
                .market_hub = url_of(config.gateway.market_hub_url),
                .ca_file = config.gateway.ca_file,
                .hub_timeout = config.gateway.hub_timeout,
                .frozen_feed_after = config.gateway.frozen_feed_after,
                .login_number = number},
               *this},
      follower_{{parts_.loop, parts_.contracts, parts_.records, rest_, streams_.market_hub(), name_,
                 [this](std::string sentence) { tell_loudly("ticks_differ", std::move(sentence)); }}},
      watch_{{rest_, bridge_, streams_.market_hub(), streams_.market_feed(), parts_.market_hours, parts_.metrics,
              [this](std::string sentence) { tell(std::move(sentence)); }}},
      config_{{name_, config, parts_.kept, parts_.archive, recorder_}, now()},
      changes_{{parts_.contracts, config_, accounts_, recorder_, parts_.config_file, [this] { after_looking(); }}},
      start_{{parts_.loop, rest_, parts_.records, name_, config, parts_.store.recovered()},
             {.guards = [this](AccountId id, std::string_view account) { return guards(id, account); },
              .ready = [this] { guard_accounts(); },
              .tell = [this](std::string sentence) { tell_loudly("ticks_differ", std::move(sentence)); },
              .failed = [this](const std::string& sentence) { return owner_.on_session_failed(*this, sentence); }}},
      guard_timer_{parts_.loop, [this] { on_guard_timer(); }},
      housekeeping_{parts_.loop, [this] { on_housekeeping(); }} {
  recorder_.tape().set_login(static_cast<std::uint32_t>(number), name_);
  recorder_.set_recovered_days(parts_.store.recovered().days);
}

LoginSession::~LoginSession() = default;

void LoginSession::start() {
  const LogLogin said_of = say_of_me();
  housekeeping_.arm_at(parts_.loop.monotonic_ns() + kHousekeeping.count());
  rest_.login();
}

void LoginSession::stop() {
  const LogLogin said_of = say_of_me();
  guard_timer_.cancel();
  housekeeping_.cancel();
  streams_.close();
}

// ── start-up ─────────────────────────────────────────────────────────────────────────────────────────────────────
void LoginSession::on_login(bool good, bool refused, std::string_view text) {
  const LogLogin said_of = say_of_me();
  start_.on_login(good, refused, text);
}

// Here the broker's time is known, which alone says whether the trading day of before the restart still runs.
bool LoginSession::guards(AccountId account, std::string_view name) {
  if (!config_.known()) {
    if (const KeptConfig* kept = config_.put_in_force(now())) accounts_.go_by(kept->calendar, kept->config);
  }
  return config_.in_force().guards(account, name);
}

void LoginSession::guard_accounts() {
  const std::size_t rule_count = accounts_.watch(start_.accounts(), config_.in_force(), now());
  if (!accounts_.prove(config_.in_force(), now())) {
    owner_.on_session_unproven(*this, accounts_.problem());
    return;
  }
  accounts_.begin(config_.in_force(), now());
  owner_.on_session_armed(*this);
  checkpoint("rules_initialised",
             fmt::format("{} rules initialised, counted over {} accounts", rule_count, accounts_.all().size()),
             {{"rules", rule_count}, {"accounts", accounts_.all().size()}});
  config_.keep(accounts_.calendar(), now());
  config_.say_held(now());
  changes_.take_early(now());
  streams_.connect(accounts_.all());
  arm();
}

// ── what the gateway says ────────────────────────────────────────────────────────────────────────────────────────
void LoginSession::on_user_stream(bool up, Generation generation) {
  accounts_.guardian().on_user_stream(up, generation, now());
  arm();
}

void LoginSession::on_events(EventBridge::Events events) {
  for (const RiskEvent& event : events) accounts_.guardian().enqueue(event);
}

void LoginSession::on_message_done() {
  changes_.follow_trading_day(now());
  accounts_.guardian().drain(now());
  after_looking();
}

void LoginSession::on_http(projectx::RequestCookie cookie, const projectx::HttpResult& result) {
  const LogLogin said_of = say_of_me();
  changes_.follow_trading_day(now());
  if (auto reply = parts_.suites.on_http(cookie, result)) {
    // The broker's words go into the journal and the database: what they repeat of a secret does not.
    if (!reply->text.empty() && !redactor().empty()) reply->text = redactor().apply(reply->text);
    accounts_.guardian().on_reply(*reply, now());
  }
  after_looking();
}

// ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────
void LoginSession::on_guard_timer() {
  const LogLogin said_of = say_of_me();
  changes_.follow_trading_day(now());
  accounts_.guardian().on_deadline(now());
  after_looking();
}

void LoginSession::on_housekeeping() {
  const LogLogin said_of = say_of_me();
  changes_.follow_trading_day(now());
  recorder_.settle_hidden(now());
  watch_.look(accounts_.guardian().book(), problem(), now(), parts_.loop.monotonic_ns());
  follower_.learn_followed();
  recorder_.flush_story();
  arm();  // an answer's Date may have moved the clock, after a sleep of the computer by hours: no event tells of that
  housekeeping_.arm_at(parts_.loop.monotonic_ns() + kHousekeeping.count());
}

// The guardian has looked at its accounts: other contracts may be held, another deadline be the next.
void LoginSession::after_looking() {
  follower_.follow(accounts_.guardian().book());
  arm();
}

void LoginSession::arm() {
  if (!accounts_.guarded()) return;
  if (const auto due = accounts_.guardian().next_deadline()) {
    guard_timer_.arm_at(clock_.monotonic_of(*due));
  } else {
    guard_timer_.cancel();
  }
}

// ── the configuration ────────────────────────────────────────────────────────────────────────────────────────────
std::optional<std::string> LoginSession::unproven(const Config& wanted) {
  if (!accounts_.guarded()) return std::nullopt;
  const LogLogin said_of = say_of_me();
  return changes_.unproven(wanted, now());
}

void LoginSession::want(Config wanted) {
  const LogLogin said_of = say_of_me();
  changes_.want(std::move(wanted), now());
}

void LoginSession::apply_wanted() {
  if (!accounts_.guarded()) return;
  const LogLogin said_of = say_of_me();
  changes_.apply(now());
}

// ── status ───────────────────────────────────────────────────────────────────────────────────────────────────────
LoginStatus LoginSession::status() const {
  const Guardian& guardian = accounts_.guardian();
  return LoginStatus{.name = name_,
                     .book = guardian.book(),
                     .engine = guardian.engine(),
                     .executor = guardian.executor(),
                     .receipts = recorder_.receipts(),
                     .gateway = gateway_status(),
                     .handler_failures = guardian.bus().failures(),
                     .now = now()};
}

GatewayStatus LoginSession::gateway_status() const {
  GatewayStatus gateway;
  gateway.api_url = started_with_.gateway.api_url;
  gateway.logged_in = !rest_.token().empty();
  gateway.user_hub = streams_.user_connected();
  gateway.market_hub = streams_.market_connected();
  gateway.requests_left = rest_.requests_left();
  gateway.exits_left = rest_.exits_left();
  gateway.needed_to_flatten = requests_to_flatten(accounts_.guardian().book());
  gateway.found_by_reads = recorder_.found_by_reads();
  gateway.problem = problem();
  for (const Refusal& refusal : bridge_.refusals().all()) {
    if (refusal.kind != RefusalKind::NotWatched) gateway.refused_messages += refusal.count;
  }
  return gateway;
}

const std::string& LoginSession::problem() const {
  return start_.problem().empty() ? accounts_.problem() : start_.problem();
}

}  // namespace rm
