#include "evidence/record_words.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "store/codec.h"
#include "unit/store/samples.h"

namespace rm {
namespace {

using Json = nlohmann::json;
using samples::at;
using samples::kAccount;
using ::testing::AllOf;
using ::testing::HasSubstr;

class Words : public testing::Test {
 protected:
  template <class T>
  RecordWords of(RecordType type, const T& value) {
    bytes_ = encoded(value, contracts_);
    return reader_.words({type, version_of(type), 7, bytes_});
  }
  Json json(const RecordWords& words) { return Json::parse(words.json); }

  ContractTable contracts_;
  ContractId mnq_ = contracts_.learn(samples::kMnq, "MNQU6", 250'000'000, Money::from_cents(50), true);
  RecordReader reader_;
  std::vector<std::byte> bytes_;
};

TEST_F(Words, OfAFillHaveItsFiguresExactly) {
  const auto words =
      of(RecordType::Event, SeenEvent{RiskEvent{TradeExecuted{samples::trade(4, mnq_)}, at(3), 1, 99}, false, {}});
  EXPECT_EQ(words.at, at(3));
  EXPECT_EQ(words.account, kAccount);
  EXPECT_EQ(words.text, "trade sell 3 CON.F.US.MNQ.U26 @ 20950.25, result -123.45");
  const Json line = json(words);
  EXPECT_EQ(line.at("record"), 7);
  EXPECT_EQ(line.at("type"), "event");
  EXPECT_EQ(line.at("event"), "trade");
  EXPECT_EQ(line.at("number"), 99);
  EXPECT_EQ(line.at("words"), words.text);
  EXPECT_EQ(line.at("trade").at("profit_and_loss"), "-123.45");
  EXPECT_EQ(line.at("trade").at("fees"), "1.11");
}

TEST_F(Words, KnowAContractByNameOnceTheJournalHasToldIt) {
  EXPECT_THAT(
      of(RecordType::Contract, ContractKnown{0, samples::kMnq, "MNQU6", 250'000'000, Money::from_cents(50), true})
          .text,
      HasSubstr("is MNQU6"));
  QuoteBatch batch;
  ASSERT_TRUE(batch.add({QuoteUpdated{ContractId{0}, Price::from_nanos(5'000'000'000), {}, {}}, at(1), 1, 10}));
  ASSERT_TRUE(batch.add({QuoteUpdated{ContractId{0}, {}, Price::from_nanos(6'000'000'000), {}}, at(2), 2, 11}));
  const auto words = reader_.words({RecordType::Quotes, 1, 8, batch.bytes()});
  EXPECT_EQ(words.text, "2 prices, the newest: the price of MNQU6: bid 6");
  EXPECT_EQ(json(words).at("quotes").at(0).at("last"), "5");
  EXPECT_EQ(json(words).at("quotes").at(1).at("number"), 11);
}

TEST_F(Words, OfADecisionSayEveryRuleWhyAndWhatForAndTheLock) {
  const auto words = of(RecordType::Decision, samples::decision(5, contracts_));
  EXPECT_EQ(words.enforcement, EnforcementId{5});
  EXPECT_THAT(words.text, AllOf(HasSubstr("DECIDED flatten the account"),
                                HasSubstr("daily_loss: the day's result -1000.50 reached the limit -1000.00"),
                                HasSubstr("max_contracts: "), HasSubstr("hard lock of the account until 20")));
  EXPECT_EQ(json(words).at("violations").size(), 2U);
  EXPECT_EQ(json(words).at("violations").at(0).at("code"), "LOSS_AT_LIMIT");
  EXPECT_EQ(json(words).at("locks").size(), 2U);
}

TEST_F(Words, OfARequestItsAnswerAndTheReceiptBelongTogether) {
  const auto sent =
      of(RecordType::Request,
         layout::RequestRecord{{RequestId{21}, kAccount, ClosePosition{mnq_}}, EnforcementId{5}, at(1)});
  EXPECT_EQ(sent.enforcement, EnforcementId{5});
  EXPECT_EQ(sent.text, "SENT closeContract CON.F.US.MNQ.U26 (request 21)");
  BrokerReply reply;
  reply.id = RequestId{21};
  reply.account = kAccount;
  reply.outcome = Outcome::Refused;
  reply.text = "no\n\xff";  // a broker may say anything
  reply.answered_at = at(2);
  reply.sent_ns = 1'000'000;
  reply.answered_ns = 3'500'000;
  const auto answered = of(RecordType::Reply, reply);
  EXPECT_THAT(answered.text, HasSubstr("ANSWERED request 21: refused: no"));
  EXPECT_EQ(json(answered).at("round_trip_us"), 2500);
  const auto verified = of(RecordType::Receipt, samples::receipt(5, contracts_));
  EXPECT_EQ(verified.enforcement, EnforcementId{5});
  EXPECT_EQ(json(verified).at("receipt").at("steps").size(), 1U);
}

TEST_F(Words, OfEveryOtherTypeAreASentence) {
  EXPECT_THAT(of(RecordType::LockEnded, layout::LockEndedRecord{samples::account_lock(EnforcementId{5}), at(9)}).text,
              HasSubstr("ended: the hard lock of the account"));
  EXPECT_THAT(of(RecordType::Trade, samples::trade(3, mnq_)).text, HasSubstr("trade sell 3"));
  EXPECT_EQ(of(RecordType::Day, DayRow{kAccount, at(0), Money::from_cents(500), Money::from_cents(100), 1}).text,
            "the day's result: 4.00 net (5.00 realised, 1.00 costs) of 1 trade");
  EXPECT_EQ(of(RecordType::Notification, NotificationRow{at(1), kAccount, {}, "lock", "daily_loss", "locked"}).text,
            "told: locked");
  EXPECT_EQ(of(RecordType::Note, layout::NoteRecord{"what", "so it was", at(1)}).text, "so it was");
  EXPECT_THAT(of(RecordType::Clocks, layout::ClocksRecord{kAccount, "no_stop_loss_grace", {{mnq_, at(1)}}}).text,
              HasSubstr("clocks of no_stop_loss_grace: CON.F.US.MNQ.U26 since 20"));
  EXPECT_THAT(of(RecordType::Config, ConfigRow{at(0), at(9), {"x"}}).text, HasSubstr("in force until 20"));
  EXPECT_EQ(of(RecordType::LoginTurn, LoginTurn{false, 1, "two"}).text, "what follows is of login 'two'");
  EXPECT_EQ(of(RecordType::RunBegins, RunBegins{"9.9", at(0)}).text, "risk-manager 9.9 starts");
  EXPECT_THAT(
      of(RecordType::RunStart, RunStart{"9.9", at(0), at(0), {}, {{kAccount, "PRAC"}}, {}, {}, {}, EnforcementId{1}})
          .text,
      HasSubstr("risk-manager 9.9 guards 1 account"));
  EXPECT_THAT(of(RecordType::RulesChanged, RulesChanged{at(0), at(0), {}, {kAccount}}).text,
              HasSubstr("for 1 account"));
}

TEST_F(Words, OfWhatCannotBeReadSaySo) {
  for (const auto type : {RecordType::Event, RecordType::Decision, RecordType::Quotes, RecordType::Contract,
                          static_cast<RecordType>(4711)}) {
    const std::byte junk[3]{};
    EXPECT_EQ(reader_.words({type, 1, 9, junk}).text, "a record that this version cannot read");
  }
  EXPECT_EQ(reader_.words({RecordType::Note, 77, 9, {}}).text, "a record that this version cannot read");
}

}  // namespace
}  // namespace rm
