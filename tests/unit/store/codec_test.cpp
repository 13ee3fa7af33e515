#include "store/codec.h"

#include <functional>
#include <random>

#include "samples.h"

namespace rm {
namespace {

using samples::at;
using samples::kAccount;
using samples::kEs;
using samples::kMnq;

// Decodes into a process where contracts have other numbers, encodes there again: same bytes means nothing was lost
// or mixed up.
template <class T>
void expect_round_trip(const T& value, const ContractTable& contracts) {
  const auto bytes = encoded(value, contracts);
  ASSERT_FALSE(bytes.empty());
  ContractTable other;
  other.intern("CON.F.US.GCE.Z26");
  other.intern(kEs);
  const auto back = decode<T>(bytes, other, {});
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(encoded(*back, other), bytes);
}

std::vector<RiskEvent> every_event(ContractTable& contracts) {
  const ContractId mnq = contracts.intern(kMnq);
  const auto snapshot = std::make_shared<AccountSnapshot>();
  snapshot->info = {kAccount, Money::from_cents(5'000'000), true};
  snapshot->generation = Generation{3};
  snapshot->positions = {{kAccount, mnq, Lots{-2}, Price::from_nanos(1), at(0)}};
  snapshot->working_orders = {samples::order(1, mnq), samples::order(2, mnq)};
  snapshot->trades = {samples::trade(5, mnq)};
  const std::vector<RiskEventBody> bodies{
      AccountUpdated{{kAccount, Money::from_cents(-1), true}},
      OrderUpdated{samples::order(4'294'967'297, mnq)},
      PositionUpdated{{kAccount, mnq, Lots{5}, Price::from_nanos(20'950'123'456'789), at(3)}},
      TradeExecuted{samples::trade(4'294'967'298, mnq)},
      QuoteUpdated{mnq, Price::from_nanos(-37'630'000'000), std::nullopt, Price::from_nanos(2)},
      SnapshotTaken{kAccount, snapshot},
      SnapshotTaken{kAccount, nullptr},
      ReadBack{kAccount, std::make_shared<std::vector<Position>>(), nullptr, at(9)},
      StreamChanged{kAccount, true, Generation{4}},
      TimePassed{},
      ReadsFailed{kAccount}};
  std::vector<RiskEvent> events;
  for (const auto& body : bodies) events.push_back({body, at(10), 42, events.size() + 1});
  return events;
}

TEST(Codec, EveryEventComesBack) {
  ContractTable contracts;
  for (const RiskEvent& event : every_event(contracts)) {
    SCOPED_TRACE(name_of(event.body));
    expect_round_trip(event, contracts);
  }
}

// What the first layout of an event left out, and a decision can hang on.
TEST(Codec, AnEventComesBackWithAllThatTheEngineSaw) {
  ContractTable contracts;
  const ContractId mnq = contracts.intern(kMnq);
  const auto back = [&](RiskEventBody body) {
    const auto bytes = encoded(seen({std::move(body), at(1), 7, 3}), contracts);
    return decode_event({RecordType::Event, version_of(RecordType::Event), 1, bytes}, contracts, {}).value().body;
  };
  AccountSnapshot snapshot;
  snapshot.requested_at = at(-2);
  const auto taken = back(SnapshotTaken{kAccount, std::make_shared<const AccountSnapshot>(snapshot)});
  EXPECT_EQ(std::get<SnapshotTaken>(taken).snapshot->requested_at, at(-2));
  for (const bool flag : {false, true}) {
    EXPECT_EQ(std::get<TradeExecuted>(back(TradeExecuted{samples::trade(1, mnq), flag})).replayed, flag);
    EXPECT_EQ(std::get<ReadBack>(back(ReadBack{kAccount, nullptr, nullptr, at(9), flag})).decisive, flag);
  }
}

TEST(Codec, AnEventOfTheFirstLayoutIsStillRead) {
  ContractTable contracts;
  for (const RiskEvent& event : every_event(contracts)) {
    const auto bytes = encoded(event, contracts);
    const auto back = decode_event({RecordType::Event, 1, 1, bytes}, contracts, {});
    ASSERT_TRUE(back) << name_of(event.body);
    EXPECT_EQ(encoded(*back, contracts), bytes);
  }
}

template <std::size_t... I>
std::vector<Reason> one_of_each(std::index_sequence<I...>, ContractId contract) {
  std::vector<Reason> reasons{Reason{std::in_place_index<I>}...};
  for (Reason& reason : reasons) {
    std::visit(
        [&](auto& r) {
          if constexpr (requires { r.contract = contract; }) r.contract = contract;
        },
        reason);
  }
  return reasons;
}

TEST(Codec, EveryReasonComesBackWithEachOfItsKinds) {
  ContractTable contracts;
  auto reasons = one_of_each(std::make_index_sequence<std::variant_size_v<Reason>>{}, contracts.intern(kMnq));
  for (const EntryWindow window : {EntryWindow::Minute, EntryWindow::Hour, EntryWindow::Session})
    reasons.emplace_back(EntriesAtLimit{window, 3, 2});
  for (const Reason& reason : reasons) {
    SCOPED_TRACE(code(reason));
    expect_round_trip(reason, contracts);
  }
}

TEST(Codec, EveryRequestReplyAndRecordComesBack) {
  ContractTable contracts;
  const ContractId mnq = contracts.intern(kMnq);
  const std::vector<BrokerAsk> asks{ClosePosition{mnq},
                                    ReducePosition{mnq, Lots{2}},
                                    CancelOrder{OrderId{8}},
                                    ModifyStop{OrderId{8}, Price::from_nanos(3)},
                                    ReadPositions{},
                                    ReadWorkingOrders{},
                                    ReadTrades{at(4)},
                                    ReadAccount{},
                                    PlaceStop{mnq, Side::Sell, Lots{2}, Price::from_nanos(3), StopTag{5}},
                                    ResizeOrder{OrderId{8}, Lots{1}}};
  for (const BrokerAsk& ask : asks)
    expect_round_trip(layout::RequestRecord{{RequestId{9}, kAccount, ask}, EnforcementId{2}, at(1)}, contracts);
  const std::vector<ReadPayload> payloads{std::monostate{}, std::vector<Position>{{kAccount, mnq, Lots{1}, {}, {}}},
                                          std::vector<Order>{samples::order(1, mnq)},
                                          std::vector<Trade>{samples::trade(1, mnq)},
                                          AccountInfo{kAccount, {}, true}};
  for (const ReadPayload& payload : payloads) {
    expect_round_trip(
        BrokerReply{RequestId{1}, kAccount, Outcome::Unauthorised, -4, "words", payload, at(1), at(2), 3, 4},
        contracts);
  }
  expect_round_trip(samples::decision(3, contracts), contracts);
  expect_round_trip(samples::receipt(3, contracts), contracts);
  expect_round_trip(layout::LockEndedRecord{samples::symbol_lock(EnforcementId{1}, contracts.symbol("MNQ")), at(5)},
                    contracts);
  expect_round_trip(DayRow{kAccount, at(0), Money::from_cents(1), Money::from_cents(2), 3}, contracts);
  expect_round_trip(NotificationRow{at(0), kAccount, EnforcementId{1}, "violation", "daily_loss", "why"}, contracts);
  expect_round_trip(ConfigRow{at(0), at(1), {"rules: {}", ""}}, contracts);
  expect_round_trip(layout::ClocksRecord{kAccount, "no_stop_loss_grace", {{mnq, at(6)}, {mnq, at(7)}}}, contracts);
  expect_round_trip(layout::NoteRecord{"what", "text", at(0)}, contracts);
  expect_round_trip(RunBegins{"0.1.0", at(0)}, contracts);
  expect_round_trip(ContractKnown{3, kMnq, "MNQU6", 250'000'000, Money::from_cents(50), true}, contracts);
  expect_round_trip(LoginTurn{true, 3, "two"}, contracts);
  RunStart start{"0.1.0", at(0), at(1), {"rules:", " {}"}, {{kAccount, "PRACTICE"}}, {}, {}, {}, EnforcementId{9}};
  start.locks = {samples::account_lock(EnforcementId{1})};
  start.clocks = {{kAccount, "no_stop_loss_grace", {mnq, at(6)}}};
  start.resumed = {{EnforcementId{2}, kAccount, samples::decision(2, contracts).goal}};
  expect_round_trip(start, contracts);
  expect_round_trip(RulesChanged{at(0), at(1), {"rules: {}"}, {kAccount}}, contracts);
}

TEST(Codec, ContractsAreTheBrokersTextAndNotANumberOfThisProcess) {
  ContractTable here, there;
  there.intern("CON.F.US.GCE.Z26");
  const Decision decided = samples::decision(1, here);
  const auto back = decode<Decision>(encoded(decided, here), there, {});
  ASSERT_TRUE(back);
  ASSERT_EQ(back->goal.contracts.size(), 2U);
  EXPECT_EQ(there.at(back->goal.contracts[0].contract).broker_id, kMnq);
  EXPECT_NE(back->goal.contracts[0].contract, decided.goal.contracts[0].contract);
  EXPECT_EQ(there.at(*std::get<SizeAboveMax>(back->violations[1].reason).contract).broker_id, kEs);
  EXPECT_EQ(there.symbol_text(*back->locks[1].symbol), "ES");
}

TEST(Codec, NamesComeBackWithStaticStorage) {
  static constexpr std::string_view kRegistered = "daily_loss";
  ContractTable contracts;
  const auto resolve = [](std::string_view name) { return name == kRegistered ? kRegistered : std::string_view{}; };
  std::string_view unknown_rule;
  {
    const auto bytes = encoded(samples::decision(1, contracts), contracts);
    const auto back = decode<Decision>(bytes, contracts, resolve);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->locks[0].rule.data(), kRegistered.data());
    unknown_rule = back->violations[1].rule;
  }
  EXPECT_EQ(unknown_rule, "max_contracts");  // after everything it was read from is gone
}

// A list of fields that forgets one would still come back byte for byte: each change of a field must change the
// bytes.
TEST(Codec, NoFieldOfADecisionIsForgotten) {
  ContractTable contracts;
  const Decision original = samples::decision(1, contracts);
  const auto bytes = encoded(original, contracts);
  const std::vector<std::function<void(Decision&)>> changes{
      [](Decision& d) { d.id = EnforcementId{2}; },
      [](Decision& d) { d.account = AccountId{1}; },
      [](Decision& d) { d.trigger_sequence = 1; },
      [](Decision& d) { d.trigger = "quote"; },
      [](Decision& d) { d.at = at(9); },
      [](Decision& d) { d.received_ns = 1; },
      [](Decision& d) { d.goal.account_flat = false; },
      [](Decision& d) { d.goal.contracts[0].at_most = Lots{1}; },
      [](Decision& d) { d.goal.contracts.pop_back(); },
      [](Decision& d) { d.goal.orders_gone[0] = OrderId{1}; },
      [](Decision& d) { d.violations[0].rule = "x"; },
      [](Decision& d) { std::get<LossAtLimit>(d.violations[0].reason).value = Money{}; },
      [](Decision& d) { std::get<LossAtLimit>(d.violations[0].reason).limit = Money{}; },
      [](Decision& d) { std::get<SizeAboveMax>(d.violations[1].reason).held = Lots{9}; },
      [](Decision& d) { std::get<SizeAboveMax>(d.violations[1].reason).allowed = Lots{9}; },
      [](Decision& d) { std::get<SizeAboveMax>(d.violations[1].reason).contract.reset(); },
      [](Decision& d) { d.violations[1].reason = UnrealisedLossAtLimit{}; },
      [](Decision& d) { d.violations[1].reason = OrderWouldBreach{OrderId{1}, Lots{2}, Lots{3}}; },
      [](Decision& d) { d.violations[1].reason = ActivityWhileLocked{4}; },
      [](Decision& d) { d.violations[0].goal.account_flat = false; },
      [](Decision& d) { d.violations[0].lock.reset(); },
      [](Decision& d) { d.locks[0].account = AccountId{1}; },
      [](Decision& d) { d.locks[0].kind = LockKind::Entry; },
      [](Decision& d) { d.locks[0].rule = "x"; },
      [](Decision& d) { d.locks[0].since = at(8); },
      [](Decision& d) { d.locks[0].until = UntilTime{at(7)}; },
      [](Decision& d) { d.locks[0].until = UntilBrokerAllows{}; },
      [](Decision& d) { d.locks[0].enforcement = EnforcementId{9}; },
      [](Decision& d) { d.locks[1].symbol.reset(); }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Decision changed = original;
    changes[i](changed);
    EXPECT_NE(encoded(changed, contracts), bytes) << "change " << i;
  }
}

TEST(Codec, ATradeComesBackEqual) {
  ContractTable contracts;
  Trade trade = samples::trade(4'294'967'299, contracts.intern(kMnq));
  EXPECT_EQ(decode<Trade>(encoded(trade, contracts), contracts, {}), trade);
  trade.profit_and_loss.reset();  // a half-turn is not a scratch
  trade.voided = true;
  trade.side = Side::Buy;
  EXPECT_EQ(decode<Trade>(encoded(trade, contracts), contracts, {}), trade);
}

TEST(Codec, CutAfterEveryByteIsRefused) {
  ContractTable contracts;
  const auto bytes = encoded(samples::decision(1, contracts), contracts);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode<Decision>(std::span{bytes}.first(size), contracts, {})) << size;
  auto longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode<Decision>(longer, contracts, {}));
}

TEST(Codec, HostileBytesAreRefusedOrReadAsSomethingThatCanBeWrittenAgain) {
  ContractTable contracts;
  const auto decision = encoded(samples::decision(1, contracts), contracts);
  const auto event = encoded(every_event(contracts)[5], contracts);
  std::mt19937 random{20260901};
  for (int round = 0; round < 1'000; ++round) {
    auto bytes = round % 2 == 0 ? decision : event;
    for (int flips = 0; flips < 3; ++flips) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    ContractTable fresh;
    if (const auto read = decode<Decision>(bytes, fresh, {})) {
      EXPECT_FALSE(encoded(*read, fresh).empty());
    }
    if (const auto read = decode<RiskEvent>(bytes, fresh, {})) {
      EXPECT_FALSE(encoded(*read, fresh).empty());
    }
  }
}

TEST(Codec, ACountThatCannotBeTrueAllocatesNothing) {
  ContractTable contracts;
  std::vector<std::byte> bytes(40);
  ByteWriter out{bytes};
  out.put(std::uint64_t{1});              // reply: request
  out.put(std::int64_t{1});               // account
  out.put(std::uint8_t{0});               // outcome
  out.put(std::int32_t{0});               // error code
  out.put_text("");                       // text
  out.put(std::uint8_t{3});               // a list of trades
  out.put(std::uint32_t{4'000'000'000});  // so many
  EXPECT_FALSE(decode<BrokerReply>(bytes, contracts, {}));
}

}  // namespace
}  // namespace rm
