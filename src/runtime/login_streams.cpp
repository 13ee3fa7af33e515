#include "runtime/login_streams.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "observe/log.h"

namespace rm {

using projectx::Hub;

LoginStreams::LoginStreams(Parts parts, const Settings& settings, LoginStreamsListener& listener)
    : parts_{parts},
      listener_{listener},
      user_hub_{parts_.loop,
                Hub::User,
                settings.user_hub,
                settings.ca_file,
                [this] { return token_for(Hub::User); },
                *this,
                settings.hub_timeout,
                2 * settings.login_number + 1},
      market_hub_{parts_.loop,
                  Hub::Market,
                  settings.market_hub,
                  settings.ca_file,
                  [this] { return token_for(Hub::Market); },
                  *this,
                  settings.hub_timeout,
                  2 * settings.login_number + 2},
      market_feed_{settings.frozen_feed_after} {}

void LoginStreams::connect(std::span<const projectx::AccountRecord> accounts) {
  const std::int64_t now_ns = parts_.loop.monotonic_ns();
  user_hub_.carry_out(user_hub_.session().subscribe_accounts(now_ns));
  for (const auto& account : accounts)
    user_hub_.carry_out(user_hub_.session().subscribe_account(account.info.account, now_ns));
  user_hub_.connect();
  market_hub_.connect();
}

void LoginStreams::close() {
  user_hub_.close();
  market_hub_.close();
}

// Remembers which token a hub was given: a refusal of an old one is no reason for another login.
std::string LoginStreams::token_for(Hub hub) {
  token_generation_[static_cast<std::size_t>(hub)] = parts_.rest.token_generation();
  return parts_.rest.token();
}

void LoginStreams::on_hub_connected(Hub hub, int refused_subscriptions) {
  const LogLogin said_of = parts_.voice.say_of_it();
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
  listener_.on_user_stream(true, generation_);
}

void LoginStreams::on_hub_invoked(Hub hub, projectx::HubTarget target, projectx::PaddedSpan arguments,
                                  std::int64_t received_ns) {
  const LogLogin said_of = parts_.voice.say_of_it();
  if (hub == Hub::Market) market_feed_.on_data(received_ns);
  if (log_enabled(Level::Trace)) {
    log(Level::Trace, "heard", projectx::text_of(arguments),
        {{"hub", projectx::name_of(hub)}, {"target", projectx::name_of(target)}});
  }
  const auto events = parts_.bridge.on_hub_record(hub, target, arguments, parts_.clock.at(received_ns), received_ns);
  if (const auto stamp = parts_.bridge.newest_stamp()) parts_.clock.on_stamp(*stamp, received_ns);
  listener_.on_events(events);
}

void LoginStreams::on_hub_message_done(Hub) {
  const LogLogin said_of = parts_.voice.say_of_it();
  listener_.on_message_done();
}

void LoginStreams::on_hub_refusal(Hub hub, std::string_view what, std::string_view text) {
  const LogLogin said_of = parts_.voice.say_of_it();
  log(Level::Warning, "hub_refusal", fmt::format("{}: {}: {}", projectx::name_of(hub), what, text),
      {{"hub", projectx::name_of(hub)}});
}

void LoginStreams::on_hub_lost(Hub hub, std::string_view why, std::string_view text, int http_status,
                               Duration retry_in) {
  const LogLogin said_of = parts_.voice.say_of_it();
  parts_.metrics.count_reconnect(projectx::name_of(hub));
  log(Level::Warning, "hub_lost",
      fmt::format("{} lost ({}): {}; next attempt in {} ms", projectx::name_of(hub), why, text,
                  std::chrono::duration_cast<std::chrono::milliseconds>(retry_in).count()),
      {{"hub", projectx::name_of(hub)}, {"why", why}, {"http_status", http_status}});
  if (http_status == 401 || http_status == 403)
    parts_.rest.on_hub_unauthorised(token_generation_[static_cast<std::size_t>(hub)]);
  if (hub == Hub::Market) market_feed_.on_lost();
  if (hub != Hub::User || !std::exchange(user_stream_up_, false)) return;
  listener_.on_user_stream(false, generation_);
}

void LoginStreams::on_pushed_out(Hub hub) {
  const LogLogin said_of = parts_.voice.say_of_it();
  const std::string text =
      "another program or platform window of this user keeps ending our stream; protection goes on over REST "
      "polling. Close the other session";
  log(Level::Error, "pushed_out", text, {{"hub", projectx::name_of(hub)}});
  parts_.voice.tell(text);
}

}  // namespace rm
