#include "event_bridge/event_bridge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/projectx/wire_text.h"

namespace rm {
namespace {

using projectx::Hub;
using projectx::HubTarget;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr AccountId kAccount{26001234};
const BrokerTime kNow = parse_timestamp("2026-09-01T14:30:05Z").value();

// One line an event: what it is, and the figures that matter.
std::string spoken(const RiskEvent& event) {
  struct Speak {
    static std::string price(const std::optional<Price>& p) { return p ? p->text() : "-"; }
    std::string operator()(const AccountUpdated& e) const {
      return "balance " + e.info.balance.text() + (e.info.can_trade ? "" : " locked");
    }
    std::string operator()(const OrderUpdated& e) const {
      return "order " + std::to_string(e.order.id.value()) + " status " +
             std::to_string(static_cast<int>(e.order.status)) + " filled " + std::to_string(e.order.filled.value()) +
             " stop " + price(e.order.stop_price);
    }
    std::string operator()(const PositionUpdated& e) const {
      return "position " + std::to_string(e.position.size.value()) + " @ " + e.position.average_price.text();
    }
    std::string operator()(const TradeExecuted& e) const {
      return "trade " + std::to_string(e.trade.id.value()) + " " + std::to_string(e.trade.signed_size().value()) +
             " @ " + e.trade.price.text() + " " +
             (e.trade.profit_and_loss ? e.trade.profit_and_loss->text() : "opening") + " costs " +
             e.trade.costs().text();
    }
    std::string operator()(const QuoteUpdated& e) const {
      return "quote " + price(e.last) + " " + price(e.bid) + " " + price(e.ask);
    }
    std::string operator()(const SnapshotTaken&) const { return "snapshot"; }
    std::string operator()(const ReadBack& e) const {
      return std::string{"read back"} +
             (e.positions ? " " + std::to_string(e.positions->size()) + " positions" : "") +
             (e.working_orders ? " " + std::to_string(e.working_orders->size()) + " orders" : "");
    }
    std::string operator()(const StreamChanged&) const { return "stream"; }
    std::string operator()(const TimePassed&) const { return "time"; }
    std::string operator()(const ReadsFailed&) const { return "reads_failed"; }
  };
  return std::visit(Speak{}, event.body);
}

std::vector<std::string> spoken(EventBridge::Events events) {
  std::vector<std::string> lines;
  for (const RiskEvent& event : events) lines.push_back(spoken(event));
  return lines;
}

class Bridge : public testing::Test {
 protected:
  Bridge()
      : mnq_{contracts_.learn("CON.F.US.MNQ.U26", "MNQU6", 250'000'000, Money::from_cents(50), true)},
        bridge_{contracts_} {
    bridge_.watch(kAccount);
  }

  std::vector<std::string> user(HubTarget target, std::string_view arguments) {
    return spoken(bridge_.on_hub_record(Hub::User, target, wire_(arguments), kNow, 77));
  }
  std::vector<std::string> market(HubTarget target, std::string_view arguments) {
    return spoken(bridge_.on_hub_record(Hub::Market, target, wire_(arguments), kNow, 77));
  }
  std::uint64_t refused(RefusalKind kind) const { return bridge_.refusals().count(kind); }

  ContractTable contracts_;
  ContractId mnq_;
  EventBridge bridge_;
  projectx::WireTexts wire_;
};

const std::string kEntry =
    R"({"id":3500000001,"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","symbolId":"F.US.MNQ","creationTimestamp":"2026-09-01T14:30:00.1234567+00:00","updateTimestamp":"2026-09-01T14:30:00.1234567+00:00","status":6,"type":2,"side":0,"size":2,"fillVolume":0,"customTag":"t-17"})";
const std::string kOpening =
    R"({"id":3100000001,"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","creationTimestamp":"2026-09-01T14:30:00.1301111+00:00","price":29500,"fees":0.72,"commissions":0.5,"side":0,"size":2,"voided":false,"orderId":3500000001})";

// A bracket entry that is stopped out, message for message as the gateway sends it.
TEST_F(Bridge, ABracketEntryFromPlacementToStopOut) {
  EXPECT_THAT(
      user(
          HubTarget::Order,
          R"([{"action":1,"data":{"id":3500000002,"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","symbolId":"F.US.MNQ","creationTimestamp":"2026-09-01T14:30:00.1234567+00:00","updateTimestamp":"2026-09-01T14:30:00.1234567+00:00","status":8,"type":4,"side":1,"size":2,"fillVolume":0,"customTag":"t-17-SL","parentOrderId":3500000001,"trailDistance":-40,"trailPrice":-10}}])"),
      ElementsAre("order 3500000002 status 8 filled 0 stop -"));
  EXPECT_THAT(user(HubTarget::Order, R"([{"action":1,"data":)" + kEntry + "}]"),
              ElementsAre("order 3500000001 status 6 filled 0 stop -"));
  EXPECT_THAT(user(HubTarget::Trade, R"([{"action":0,"data":)" + kOpening + "}]"),
              ElementsAre("trade 3100000001 2 @ 29500 opening costs 1.22"));
  EXPECT_THAT(
      user(
          HubTarget::Position,
          R"([{"action":1,"data":{"id":900000001,"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","contractDisplayName":"MNQU26","creationTimestamp":"2026-09-01T14:30:00.1361111+00:00","type":1,"size":2,"averagePrice":29500}}])"),
      ElementsAre("position 2 @ 29500"));
  EXPECT_THAT(
      user(
          HubTarget::Account,
          R"([{"action":1,"data":{"id":26001234,"name":"PRAC-V2-1","balance":149998.78,"canTrade":true,"isVisible":true,"simulated":true}}])"),
      ElementsAre("balance 149998.78"));
  EXPECT_THAT(
      user(
          HubTarget::Trade,
          R"([{"action":0,"data":{"id":3100000002,"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","creationTimestamp":"2026-09-01T14:30:03+00:00","price":29489.75,"profitAndLoss":-41,"fees":0.72,"commissions":0.5,"side":1,"size":2,"voided":false,"orderId":3500000002}}])"),
      ElementsAre("trade 3100000002 -2 @ 29489.75 -41.00 costs 1.22"));
  EXPECT_THAT(user(HubTarget::Trade, R"([{"action":1,"data":)" + kOpening + "}]"),
              ElementsAre("trade 3100000001 2 @ 29500 opening costs 1.22"));
  EXPECT_THAT(
      user(
          HubTarget::Position,
          R"([{"action":2,"data":{"id":900000001,"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","contractDisplayName":"MNQU26","creationTimestamp":"2026-09-01T14:30:00.1361111+00:00","type":0,"size":0,"averagePrice":29500}}])"),
      ElementsAre("position 0 @ 29500"));
  for (const Refusal& refusal : bridge_.refusals().all()) EXPECT_EQ(refusal.count, 0U) << refusal.sample;
}

TEST_F(Bridge, EventsCarryContractAndTimes) {
  const auto events = bridge_.on_hub_record(Hub::User, HubTarget::Order, wire_("[" + kEntry + "]"), kNow, 77);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<OrderUpdated>(events[0].body).order.contract, mnq_);
  EXPECT_EQ(events[0].at, kNow);
  EXPECT_EQ(events[0].received_ns, 77);
}

TEST_F(Bridge, EveryShapeOfTheArguments) {
  const std::string line = "order 3500000001 status 6 filled 0 stop -";
  const std::string envelope = R"({"action":1,"data":)" + kEntry + "}";
  const std::string shapes[] = {"[" + envelope + "]",
                                "[" + kEntry + "]",
                                "[[" + envelope + "]]",
                                "[[" + kEntry + "]]",
                                "[null," + envelope + "]",
                                R"([{"data":)" + kEntry + R"(,"action":1}])",
                                R"([{"Action":1,"Data":)" + kEntry + "}]",
                                R"([{"action":1,"data":[)" + kEntry + "]}]"};
  for (const std::string& shape : shapes) {
    SCOPED_TRACE(shape);
    EXPECT_THAT(user(HubTarget::Order, shape), ElementsAre(line));
  }
  EXPECT_THAT(user(HubTarget::Order, "[[" + envelope + "," + kEntry + "]]"), ElementsAre(line, line));
  EXPECT_THAT(user(HubTarget::Order, "[]"), IsEmpty());
  EXPECT_EQ(refused(RefusalKind::Malformed), 0U);
}

TEST_F(Bridge, ShapesThatCannotBeMeantAreRefused) {
  std::uint64_t expected = 0;
  for (const char* bad : {"", "{}", "[", "[5]", "[\"x\"]", "[[[[[[{}]]]]]]", "[{\"data\":{}]", "[1,", "null"}) {
    SCOPED_TRACE(bad);
    EXPECT_THAT(user(HubTarget::Order, bad), IsEmpty());
    EXPECT_EQ(refused(RefusalKind::Malformed), ++expected);
  }
}

TEST_F(Bridge, ArgumentsCutAfterAnyByteGiveNoEvent) {
  const std::string whole = R"([{"action":1,"data":)" + kEntry + "}]";
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    EXPECT_THAT(user(HubTarget::Order, whole.substr(0, cut)), IsEmpty()) << cut;
  EXPECT_EQ(refused(RefusalKind::Malformed), whole.size());
}

TEST_F(Bridge, OneBadEntityDoesNotHideTheOthers) {
  EXPECT_THAT(user(HubTarget::Order, R"([[{"id":1},)" + kEntry + R"(,{"id":2}]])"),
              ElementsAre("order 3500000001 status 6 filled 0 stop -"));
  EXPECT_EQ(refused(RefusalKind::MissingField), 2U);
}

TEST_F(Bridge, EachKindOfRefusalIsCountedApart) {
  const auto with = [](std::string text, std::string_view from, std::string_view to) {
    return "[" + text.replace(text.find(from), from.size(), to) + "]";
  };
  EXPECT_THAT(user(HubTarget::Order, with(kEntry, "\"status\":6", "\"status\":9")), IsEmpty());
  EXPECT_EQ(refused(RefusalKind::UnknownValue), 1U);
  EXPECT_THAT(user(HubTarget::Order, with(kEntry, "\"size\":2", "\"size\":2000000")), IsEmpty());
  EXPECT_EQ(refused(RefusalKind::OutOfRange), 1U);
  EXPECT_THAT(user(HubTarget::Order, with(kEntry, "26001234", "26001235")), IsEmpty());
  EXPECT_EQ(refused(RefusalKind::NotWatched), 1U);
  EXPECT_THAT(user(HubTarget::Trade, with(kOpening, "\"fees\":0.72,", "")), IsEmpty());
  EXPECT_EQ(refused(RefusalKind::MissingField), 1U);
  EXPECT_THAT(user(HubTarget::Unknown, "[]"), IsEmpty());
  EXPECT_THAT(market(HubTarget::Order, "[" + kEntry + "]"), IsEmpty()) << "user events do not come on the market hub";
  EXPECT_THAT(user(HubTarget::Quote, R"(["CON.F.US.MNQ.U26",{"lastPrice":1}])"), IsEmpty());
  EXPECT_EQ(refused(RefusalKind::UnknownTarget), 3U);
}

TEST_F(Bridge, EventsOfOtherAccountsAreRefused) {
  EXPECT_THAT(user(HubTarget::Account, R"([{"action":1,"data":{"id":5,"balance":1,"canTrade":true}}])"), IsEmpty());
  EXPECT_EQ(refused(RefusalKind::NotWatched), 1U);
  bridge_.watch(AccountId{5});
  EXPECT_THAT(user(HubTarget::Account, R"([{"action":1,"data":{"id":5,"balance":1,"canTrade":false}}])"),
              ElementsAre("balance 1.00 locked"));
}

TEST_F(Bridge, AnAccountThatIsNotWatchedInternsNothing) {
  std::string text = kEntry;
  text.replace(text.find("26001234"), 8, "26001235");
  text.replace(text.find("MNQ.U26"), 7, "XYZ.U26");
  user(HubTarget::Order, "[" + text + "]");
  EXPECT_EQ(contracts_.size(), 1U);
}

TEST_F(Bridge, QuotesArePartialAndZeroIsNotKnown) {
  EXPECT_THAT(
      market(
          HubTarget::Quote,
          R"(["CON.F.US.MNQ.U26",{"symbol":"F.US.MNQ","bestBid":29547,"bestAsk":29547.5,"lastUpdated":"2026-08-19T20:51:31.4347534+00:00","timestamp":"2026-08-19T20:51:31.348+00:00","contract":"CON.F.US.MNQ.U26"}])"),
      ElementsAre("quote - 29547 29547.5"));
  EXPECT_THAT(market(HubTarget::Quote, R"(["CON.F.US.MNQ.U26",{"symbol":"F.US.MNQ","lastPrice":29547.25}])"),
              ElementsAre("quote 29547.25 - -"));
  EXPECT_THAT(market(HubTarget::Quote, R"(["CON.F.US.MNQ.U26",{"symbol":"F.US.MNQ","lastPrice":0,"volume":5}])"),
              IsEmpty());
  EXPECT_THAT(market(HubTarget::Quote, R"(["CON.F.US.XYZ.U26",{"symbol":"F.US.XYZ","lastPrice":5}])"), IsEmpty());
  EXPECT_EQ(refused(RefusalKind::UnknownContract), 1U);
  EXPECT_EQ(contracts_.size(), 1U);
}

TEST_F(Bridge, EveryPrintOfABurstIsAQuote) {
  EXPECT_THAT(
      market(
          HubTarget::Print,
          R"(["CON.F.US.MNQ.U26",[{"symbolId":"F.US.MNQ","price":29547.25,"timestamp":"2026-08-19T20:51:30.052+00:00","type":1,"volume":1,"contractId":"CON.F.US.MNQ.U26"},null,{"symbolId":"F.US.MNQ","price":29547.5,"timestamp":"2026-08-19T20:51:30.053+00:00","type":0,"volume":7}]])"),
      ElementsAre("quote 29547.25 - -", "quote 29547.5 - -"));
  EXPECT_THAT(market(HubTarget::Print, R"(["CON.F.US.MNQ.U26",{"price":29547.75,"type":0,"volume":7}])"),
              ElementsAre("quote 29547.75 - -"));
  EXPECT_THAT(market(HubTarget::Depth, R"(["CON.F.US.MNQ.U26",[{"price":1}]])"), IsEmpty())
      << "the book is not followed, and that is no refusal";
  EXPECT_EQ(refused(RefusalKind::UnknownTarget), 0U);
}

TEST_F(Bridge, MarketArgumentsThatAreNotTwoAreRefused) {
  std::uint64_t expected = 0;
  for (const char* bad :
       {"[]", R"(["CON.F.US.MNQ.U26"])", "[5,{}]", R"([{"lastPrice":1}])", R"(["CON.F.US.MNQ.U26",5])"}) {
    SCOPED_TRACE(bad);
    EXPECT_THAT(market(HubTarget::Quote, bad), IsEmpty());
    EXPECT_EQ(refused(RefusalKind::Malformed), ++expected);
  }
}

TEST_F(Bridge, TheNewestStampFeedsTheClock) {
  EXPECT_EQ(bridge_.newest_stamp(), std::nullopt);
  market(
      HubTarget::Quote,
      R"(["CON.F.US.MNQ.U26",{"lastPrice":1,"lastUpdated":"2026-09-01T14:30:01+00:00","timestamp":"2026-09-01T14:30:04+00:00"}])");
  EXPECT_EQ(bridge_.newest_stamp(), parse_timestamp("2026-09-01T14:30:01Z").value()) << "not the stamp that freezes";
  user(HubTarget::Trade, "[" + kOpening + "]");
  EXPECT_EQ(bridge_.newest_stamp(), parse_timestamp("2026-09-01T14:30:01Z").value()) << "never goes back";
  market(HubTarget::Quote, R"(["CON.F.US.MNQ.U26",{"lastPrice":1,"lastUpdated":"2026-09-01T14:31:05+00:00"}])");
  EXPECT_EQ(bridge_.newest_stamp(), parse_timestamp("2026-09-01T14:31:05Z").value());
  market(HubTarget::Quote,
         R"(["CON.F.US.MNQ.U26",{"lastPrice":1,"lastUpdated":"2026-09-01T14:31:05.000000001+00:00"}])");
  EXPECT_EQ(bridge_.newest_stamp(), parse_timestamp("2026-09-01T14:31:05Z").value())
      << "more than a minute ahead is not believed";
}

TEST_F(Bridge, AFloodOfContractsDoesNotFillTheMemory) {
  for (int i = 0; i < 10'100; ++i) {
    std::string text = kEntry;
    text.replace(text.find("MNQ.U26"), 7, std::to_string(i));
    bridge_.on_hub_record(Hub::User, HubTarget::Order, wire_("[" + text + "]"), kNow, 1);
  }
  EXPECT_EQ(contracts_.size(), 10'000U);
  EXPECT_EQ(refused(RefusalKind::UnknownContract), 101U);
}

TEST_F(Bridge, SamplesShowTheShapeAndHideTheFigures) {
  user(
      HubTarget::Order,
      R"([{"id":1,"accountId":26001234,"token":"eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3ODg4MjU2MDB9eyJleHAiOjE3ODg4MjU2MDB9"}])");
  const std::string& sample = bridge_.refusals().all()[static_cast<std::size_t>(RefusalKind::MissingField)].sample;
  EXPECT_NE(sample.find("order.contractId is missing"), std::string::npos) << sample;
  EXPECT_NE(sample.find("26######"), std::string::npos) << sample;
  EXPECT_EQ(sample.find("eyJleHAiOjE3"), std::string::npos) << sample;
  EXPECT_LE(masked(std::string(5000, '"')).size(), 200U);
  EXPECT_EQ(masked("a\n\x7f\xc3"), "a???");
}

BrokerReply accepted(AccountId account, ReadPayload payload) {
  return {.id = RequestId{1},
          .account = account,
          .outcome = Outcome::Accepted,
          .error_code = 0,
          .text = {},
          .payload = std::move(payload),
          .requested_at = BrokerTime::from_seconds(5),
          .answered_at = kNow};
}

TEST_F(Bridge, RepliesBecomeReadBacks) {
  const auto events = bridge_.on_reply(accepted(kAccount, std::vector<Position>{}), kNow);
  EXPECT_THAT(spoken(events), ElementsAre("read back 0 positions"));
  EXPECT_EQ(std::get<ReadBack>(events[0].body).requested_at, BrokerTime::from_seconds(5));
  EXPECT_THAT(spoken(bridge_.on_reply(accepted(kAccount, std::vector<Order>(3)), kNow)),
              ElementsAre("read back 3 orders"));
  EXPECT_EQ(bridge_.on_reply(accepted(kAccount, std::vector<Trade>(2)), kNow).size(), 2U);
  const AccountInfo info{kAccount, Money::from_units(5), true};
  EXPECT_THAT(spoken(bridge_.on_reply(accepted(kAccount, info), kNow)), ElementsAre("balance 5.00"));
}

TEST_F(Bridge, RepliesThatAreNotAcceptedOrNotOursBecomeNothing) {
  BrokerReply lost = accepted(kAccount, std::vector<Position>{});
  lost.outcome = Outcome::Ambiguous;
  EXPECT_THAT(bridge_.on_reply(lost, kNow), IsEmpty());
  EXPECT_THAT(bridge_.on_reply(accepted(AccountId{5}, std::vector<Position>{}), kNow), IsEmpty());
  EXPECT_EQ(refused(RefusalKind::NotWatched), 1U);
}

TEST_F(Bridge, ASnapshotIsPassedOnForWatchedAccounts) {
  auto snapshot = std::make_shared<AccountSnapshot>();
  snapshot->info.account = kAccount;
  EXPECT_THAT(spoken(bridge_.on_snapshot(snapshot, kNow, 5)), ElementsAre("snapshot"));
  auto foreign = std::make_shared<AccountSnapshot>();
  foreign->info.account = AccountId{5};
  EXPECT_THAT(bridge_.on_snapshot(foreign, kNow, 5), IsEmpty());
}

}  // namespace
}  // namespace rm
