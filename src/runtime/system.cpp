#include "runtime/system.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "config/logins.h"
#include "observe/log.h"
#include "runtime/restored_state.h"

namespace rm {
namespace {

constexpr std::int64_t kHousekeeping = 1'000'000'000;
constexpr const char* kLoginsDiffer = "logins: changed, at the next start";

}  // namespace

System::System(Parts parts, OnFatal on_fatal)
    : parts_{std::move(parts)},
      on_fatal_{std::move(on_fatal)},
      records_{parts_.contracts},
      suites_{parts_.contracts},
      numbers_{EnforcementIds{parts_.store.recovered().next_enforcement},
               RequestIds{parts_.store.recovered().next_request}},
      archive_{parts_.store, parts_.kept},
      housekeeping_{parts_.loop, [this] { on_housekeeping(); }} {
  const LoginSessionParts shared{
      parts_.loop,    parts_.contracts, records_, suites_,  parts_.calendar, parts_.market_hours, parts_.store,
      parts_.metrics, parts_.notifier,  numbers_, archive_, parts_.kept,     unlisted_said_,      parts_.config_file};
  LoginSessionOwner& owner = *this;
  for (const LoginToGuard& login : parts_.logins) {
    sessions_.push_back(
        std::make_unique<LoginSession>(shared, login.name, sessions_.size(), login.config, login.credentials, owner));
  }
}

System::~System() = default;

void System::start() {
  housekeeping_.arm_at(parts_.loop.monotonic_ns() + kHousekeeping);
  for (const auto& session : sessions_) session->start();
}

void System::stop() {
  housekeeping_.cancel();
  for (const auto& session : sessions_) session->stop();
}

// ── logins ───────────────────────────────────────────────────────────────────────────────────────────────────────
// The process ends when there is nobody left who could guard anything.
bool System::on_session_failed(LoginSession& session, const std::string& sentence) {
  const bool news = std::exchange(failed_[&session], sentence) != sentence;
  if (failed_.size() < sessions_.size()) {
    if (news) session.tell("NOT GUARDED: " + sentence + "; the other logins go on, and it is tried again");
    return true;
  }
  if (sessions_.size() == 1) {
    on_fatal_(sentence);
    return false;
  }
  std::string all = "no login came up";
  for (const auto& each : sessions_) all += fmt::format("; login '{}': {}", each->name(), failed_[each.get()]);
  on_fatal_(all);
  return false;
}

// What the other logins guard already goes on being guarded.
void System::on_session_unproven(LoginSession& session, const std::string& sentence) {
  failed_[&session] = sentence;
  if (failed_.size() == sessions_.size()) return on_fatal_(sentence);
  session.tell_loudly("not_armed", "NOT GUARDED until a restart: " + sentence);
}

void System::on_session_armed(LoginSession& session) {
  if (failed_.erase(&session) != 0) session.tell("its accounts are guarded now");
  give_up_unwatched_accounts();
}

// An account whose login is not up yet keeps what it had before the restart until that login comes.
void System::give_up_unwatched_accounts() {
  if (!std::ranges::all_of(sessions_, [](const auto& session) { return session->armed(); })) return;
  const auto watched = [&](AccountId account) {
    return std::ranges::any_of(
        sessions_, [&](const auto& session) { return session->guardian().book().find(account) != nullptr; });
  };
  give_up_unwatched(watched, recorder(), parts_.store, now());
}

// ── the configuration ────────────────────────────────────────────────────────────────────────────────────────────
// All accounts of all logins have their rules before the first of them is looked at.
void System::reload(const Config& wanted) {
  const std::vector<Login> logins = logins_of(wanted);
  const auto wanted_by = [&](const LoginSession& session) {
    const auto login = std::ranges::find(logins, session.name(), &Login::name);
    return login != logins.end() ? login->config : continued(wanted, session.started_with());
  };
  for (const auto& session : sessions_) {
    if (const auto unproven = session->unproven(wanted_by(*session)))
      return refuse_config({Problem{.source = parts_.config_file, .message = *unproven}}, "the one in force stays");
  }
  logins_differ_ = logins.size() != sessions_.size();
  for (const auto& session : sessions_) {
    logins_differ_ = logins_differ_ || std::ranges::find(logins, session->name(), &Login::name) == logins.end();
    session->want(wanted_by(*session));
  }
  refused_.clear();
  const bool any = std::ranges::any_of(sessions_, [](const auto& session) { return session->armed(); });
  if (any) {
    recorder().on_config_reloaded(parts_.config_file, of_all(&ConfigInForce::changed), config_status().pending,
                                  config_status().needs_restart, now());
  }
  for (const auto& session : sessions_) session->apply_wanted();
}

void System::refuse_config(const Problems& problems, std::string_view instead) {
  std::vector<std::string> texts;
  for (const Problem& problem : problems) texts.push_back(problem.text());
  refused_ = texts.front();
  recorder().on_config_refused(parts_.config_file, texts, instead, now());
}

// What holds for every login that is up is one sentence, the rest names its login.
std::vector<std::string> System::of_all(Sentences sentences) const {
  std::vector<const LoginSession*> up;
  for (const auto& session : sessions_) {
    if (session->config().known()) up.push_back(session.get());
  }
  const auto of = [&](const LoginSession* session) -> const std::vector<std::string>& {
    return (session->config().in_force().*sentences)();
  };
  std::vector<std::string> out;
  for (const LoginSession* session : up) {
    for (const std::string& text : of(session)) {
      const bool everywhere = std::ranges::all_of(
          up, [&](const LoginSession* other) { return std::ranges::find(of(other), text) != of(other).end(); });
      std::string line = everywhere ? text : fmt::format("login '{}': {}", session->name(), text);
      if (std::ranges::find(out, line) == out.end()) out.push_back(std::move(line));
    }
  }
  return out;
}

ConfigStatus System::config_status() const {
  ConfigStatus status;
  status.file = parts_.config_file;
  status.refused = refused_;
  for (const auto& session : sessions_) status.loaded_at = std::max(status.loaded_at, session->config().loaded_at());
  status.pending = of_all(&ConfigInForce::pending);
  status.needs_restart = of_all(&ConfigInForce::needs_restart);
  if (logins_differ_) status.needs_restart.emplace_back(kLoginsDiffer);
  return status;
}

// ── store and status ─────────────────────────────────────────────────────────────────────────────────────────────
void System::on_housekeeping() {
  recorder().check_health(now());
  recorder().flush_story();
  housekeeping_.arm_at(parts_.loop.monotonic_ns() + kHousekeeping);
}

void System::on_store_progress() {
  while (const auto id = parts_.store.poll_durable()) {
    for (const auto& session : sessions_) {
      const LogLogin said_of = session->say_of_me();
      session->recorder().on_durable(*id);
    }
  }
  for (const auto& session : sessions_) session->recorder().flush_story();
}

std::string System::status() {
  std::vector<LoginStatus> logins;
  logins.reserve(sessions_.size());
  for (const auto& session : sessions_) logins.push_back(session->status());
  return status_json(StatusInput{logins, parts_.contracts, parts_.store.health(), config_status(), log_health()});
}

}  // namespace rm
