#include "store/describe.h"

#include <nlohmann/json.hpp>

#include "samples.h"

namespace rm {
namespace {

TEST(Describe, ASentenceNamesTheContractByTheBrokersId) {
  ContractTable contracts;
  const ContractId es = contracts.intern(samples::kEs);
  const std::string text = sentence_of(SizeAboveMax{es, Lots{6}, Lots{5}}, contracts);
  EXPECT_THAT(text, ::testing::HasSubstr(samples::kEs));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("#")));
  EXPECT_EQ(sentence_of(TradingRefusedByBroker{}, contracts), sentence(TradingRefusedByBroker{}, ""));
}

TEST(Describe, AReceiptIsReadableJsonWhateverTheBrokerSaid) {
  ContractTable contracts;
  const auto json = nlohmann::json::parse(receipt_json(samples::receipt(4, contracts), contracts));
  EXPECT_EQ(json["enforcement"], 4);
  EXPECT_EQ(json["account"], samples::kAccount.value());
  EXPECT_EQ(json["rules"], nlohmann::json::array({"daily_loss"}));
  EXPECT_EQ(json["reasons"][0]["code"], "SIZE_ABOVE_MAX");
  EXPECT_EQ(json["trigger_to_sent_us"], 80);
  EXPECT_EQ(json["trigger_to_verified_us"], 250'000);
  EXPECT_EQ(json["attempts"], 2);
  const auto& step = json["steps"][0];
  EXPECT_EQ(step["what"], "closeContract");
  EXPECT_EQ(step["outcome"], name_of(Outcome::RateLimited));
  EXPECT_EQ(step["answer_us"], 98'000);
  EXPECT_THAT(step["text"].get<std::string>(), ::testing::StartsWith("said \"no\"\n"));
}

TEST(Describe, AReceiptThatNeededNoRequestHasNoLatencyOfOne) {
  ContractTable contracts;
  auto receipt = samples::receipt(4, contracts);
  receipt.first_sent_ns = 0;
  EXPECT_TRUE(nlohmann::json::parse(receipt_json(receipt, contracts))["trigger_to_sent_us"].is_null());
}

TEST(Describe, EveryRequestHasItsSubject) {
  ContractTable contracts;
  const ContractId mnq = contracts.intern(samples::kMnq);
  EXPECT_EQ(subject_of(ClosePosition{mnq}, contracts), samples::kMnq);
  EXPECT_EQ(subject_of(CancelOrder{OrderId{4'294'967'297}}, contracts), "4294967297");
  EXPECT_EQ(subject_of(PlaceStop{mnq, Side::Sell, Lots{1}, {}, StopTag{1}}, contracts), samples::kMnq);
  EXPECT_EQ(subject_of(ResizeOrder{OrderId{7}, Lots{1}}, contracts), "7");
  EXPECT_EQ(subject_of(ReadPositions{}, contracts), "");
}

}  // namespace
}  // namespace rm
