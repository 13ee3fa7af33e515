#include "doctor/streams.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <stdexcept>

#include "config/load.h"
#include "event_bridge/event_bridge.h"
#include "runtime/hub_link.h"

namespace rm {
namespace {

using namespace std::chrono_literals;
using projectx::Hub;

constexpr Duration kConnectWithin = 20s;  // longer than a hub may take to confirm its subscriptions
constexpr Duration kPriceWithin = 5s, kPriceWithinWhenClosed = 2s;
constexpr int kLossesToBelieve = 2;  // one loss happens several times a day
// What is traded most: a price of one of these comes within seconds while the market is open.
constexpr std::array<std::string_view, 4> kBusiest{"MNQ", "MES", "NQ", "ES"};
constexpr std::size_t kFollowed = 4;

net::Url url_of(const std::string& text) {
  const auto url = net::parse_url(text);
  if (!url) throw std::runtime_error{url.error()};
  return *url;
}

std::vector<ContractId> contracts_to_follow(const ContractTable& contracts) {
  std::vector<ContractId> busy, others;
  for (std::uint32_t i = 0; i < contracts.size(); ++i) {
    const Contract& contract = contracts.at(ContractId{i});
    if (!contract.active) continue;
    (std::ranges::find(kBusiest, contract.root) != kBusiest.end() ? busy : others).push_back(ContractId{i});
  }
  busy.insert(busy.end(), others.begin(), others.end());
  busy.resize(std::min(busy.size(), kFollowed));
  return busy;
}

class StreamVisit final : HubLinkListener {
 public:
  StreamVisit(const StreamAccess& access, Examination& examination)
      : access_{access},
        examination_{examination},
        bridge_{access.contracts},
        user_{access.loop,
              Hub::User,
              url_of(access.gateway.user_hub_url),
              access.gateway.ca_file,
              [this] { return access_.token; },
              *this,
              access.gateway.hub_timeout,
              1},
        market_{access.loop,
                Hub::Market,
                url_of(access.gateway.market_hub_url),
                access.gateway.ca_file,
                [this] { return access_.token; },
                *this,
                access.gateway.hub_timeout,
                2},
        connect_limit_{access.loop, [this] { give_up_connecting(); }},
        price_limit_{access.loop, [this] { say_no_price(); }} {}

  void run() {
    const std::int64_t now = access_.loop.monotonic_ns();
    user_.carry_out(user_.session().subscribe_accounts(now));
    for (const AccountId account : access_.accounts) {
      bridge_.watch(account);
      user_.carry_out(user_.session().subscribe_account(account, now));
    }
    for (const ContractId contract : contracts_to_follow(access_.contracts))
      market_.carry_out(market_.session().subscribe_contract(access_.contracts.at(contract).broker_id, now));
    connect_limit_.arm_at(now + kConnectWithin.count());
    user_.connect();
    market_.connect();
    access_.loop.run();
    user_.close();
    market_.close();
  }

 private:
  struct Line {
    std::string_view check;
    bool said = false;
    int losses = 0;
    std::string last_loss = {};
    std::vector<std::string> refusals = {};
  };
  Line& line_of(Hub hub) { return hub == Hub::User ? user_line_ : market_line_; }

  void on_hub_connected(Hub hub, int refused) override {
    Line& line = line_of(hub);
    if (std::exchange(line.said, true)) return;
    if (refused > 0) {
      examination_.fail(
          line.check,
          fmt::format("connected, but {} subscriptions were refused: {}", refused, fmt::join(line.refusals, "; ")),
          "the account may not be readable with this key; without it the guarding is by polling");
    } else {
      examination_.ok(line.check, "connected, every subscription confirmed");
    }
    if (hub == Hub::Market && !price_) wait_for_price();
    stop_when_done();
  }

  void wait_for_price() {
    const Duration patience = access_.market_open ? kPriceWithin : kPriceWithinWhenClosed;
    price_limit_.arm_at(access_.loop.monotonic_ns() + patience.count());
  }

  void on_hub_lost(Hub hub, std::string_view, std::string_view text, int, Duration) override {
    Line& line = line_of(hub);
    line.last_loss = text;
    if (line.said || ++line.losses < kLossesToBelieve) return;
    say_lost(line);
    stop_when_done();
  }

  void say_lost(Line& line) {
    line.said = true;
    examination_.fail(line.check, line.last_loss.empty() ? "no connection within 20 s" : line.last_loss,
                      "network, proxy, or maintenance; another program or platform window of this login");
    if (line.check == market_line_.check && !price_)
      price_ = Check{"prices", Finding::NotChecked, "there is no market stream", {}};
  }

  void on_hub_invoked(Hub hub, projectx::HubTarget target, projectx::PaddedSpan arguments,
                      std::int64_t received_ns) override {
    const auto events = bridge_.on_hub_record(hub, target, arguments, computer_time(), received_ns);
    if (hub != Hub::Market || price_) return;
    for (const RiskEvent& event : events) {
      if (const auto* quote = std::get_if<QuoteUpdated>(&event.body)) return say_price(*quote);
    }
  }

  void say_price(const QuoteUpdated& quote) {
    price_limit_.cancel();
    price_ = Check{"prices",
                   Finding::Ok,
                   fmt::format("a price of {} came and was understood{}", access_.contracts.at(quote.contract).name,
                               access_.market_open ? "" : "; the market is closed now"),
                   {}};
    access_.loop.post([this] { stop_when_done(); });
  }

  void say_no_price() {
    price_ = access_.market_open
                 ? Check{"prices", Finding::Fail, "no price came within 5 s, although the market is open",
                         "does this login have market data? Without prices, loss rules see no open result"}
                 : Check{"prices", Finding::Warn, "no price came: the market is closed now",
                         "look again while it is open"};
    stop_when_done();
  }

  void give_up_connecting() {
    for (Line* line : {&user_line_, &market_line_}) {
      if (!line->said) say_lost(*line);
    }
    stop_when_done();
  }

  void on_hub_refusal(Hub hub, std::string_view what, std::string_view text) override {
    line_of(hub).refusals.push_back(fmt::format("{}: {}", what, text));
  }
  void on_hub_message_done(Hub) override {}
  void on_pushed_out(Hub) override {}

  void stop_when_done() {
    if (stopped_ || !user_line_.said || !market_line_.said || !price_) return;
    stopped_ = true;
    examination_.add(*price_);
    access_.loop.stop();
  }

  const StreamAccess& access_;
  Examination& examination_;
  EventBridge bridge_;
  HubLink user_, market_;
  net::Loop::Timer connect_limit_, price_limit_;
  Line user_line_{.check = "user_hub"}, market_line_{.check = "market_hub"};
  std::optional<Check> price_;  // what is to be said of prices, once the hubs have been spoken of
  bool stopped_ = false;
};

}  // namespace

void examine_streams(const StreamAccess& access, Examination& examination) {
  StreamVisit{access, examination}.run();
}

}  // namespace rm
