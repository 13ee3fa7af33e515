#include "projectx/wire/replies.h"

#include <gtest/gtest.h>

namespace rm::projectx {
namespace {

class Replies : public testing::Test {
 protected:
  ReplyReader reader_;
};

TEST_F(Replies, LoginAndValidation) {
  const auto login = read_login(reader_, R"({"token":"a.b.c","success":true,"errorCode":0,"errorMessage":null})");
  ASSERT_TRUE(login);
  EXPECT_TRUE(login->accepted);
  EXPECT_EQ(login->token, "a.b.c");

  const auto refused =
      read_login(reader_, R"({"token":null,"success":false,"errorCode":7,"errorMessage":"Please log in and sign"})");
  ASSERT_TRUE(refused);
  EXPECT_FALSE(refused->accepted);
  EXPECT_EQ(refused->error_code, 7);
  EXPECT_EQ(refused->text, "Please log in and sign");

  EXPECT_EQ(
      read_validation(reader_, R"({"newToken":"d.e.f","success":true,"errorCode":0,"errorMessage":null})")->token,
      "d.e.f");
  const auto kept = read_validation(reader_, R"({"newToken":null,"success":true,"errorCode":0})");
  ASSERT_TRUE(kept);
  EXPECT_TRUE(kept->accepted);
  EXPECT_EQ(kept->token, "");
}

TEST_F(Replies, ALoginIsNotAcceptedWithoutATokenOrWithAnErrorNumber) {
  EXPECT_FALSE(read_login(reader_, R"({"token":"","success":true,"errorCode":0})"));
  EXPECT_FALSE(read_login(reader_, R"({"success":true,"errorCode":0})"));
  EXPECT_FALSE(read_login(reader_, R"({"token":5,"success":true,"errorCode":0})"));
  EXPECT_FALSE(read_login(reader_, R"({"token":"a.b.c","success":true,"errorCode":3})")->accepted);
  EXPECT_FALSE(read_login(reader_, R"({"token":"a.b.c","success":false,"errorCode":0})")->accepted);
}

TEST_F(Replies, AnythingThatDoesNotSaySuccessIsNoAnswer) {
  for (const char* body : {"", "{}", "[]", "null", "<html><body>502</body></html>", R"({"success":"true"})",
                           R"({"success":null})", R"({"success":1})", R"({"errorCode":0})", R"({"success":true)",
                           R"({"success":true,"errorCode":"0"})", R"({"success":true,"errorMessage":5})"}) {
    SCOPED_TRACE(body);
    EXPECT_FALSE(reader_.open(body));
  }
  EXPECT_TRUE(reader_.open(R"({"success":true})")->accepted());
}

TEST_F(Replies, AnAnswerCutAfterAnyByteIsNoAnswer) {
  const std::string whole =
      R"({"accounts":[{"id":26001234,"name":"PRAC","balance":149871.36,"canTrade":true,"isVisible":true,"simulated":true}],"success":true,"errorCode":0,"errorMessage":null})";
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    EXPECT_FALSE(read_accounts(reader_, whole.substr(0, cut))) << cut;
  const auto accounts = read_accounts(reader_, whole);
  ASSERT_TRUE(accounts);
  ASSERT_EQ(accounts->size(), 1U);
  EXPECT_EQ((*accounts)[0].name, "PRAC");
  EXPECT_EQ((*accounts)[0].info.balance, Money::from_cents(14987136));
}

TEST_F(Replies, AListMustBeThereEvenWhenItIsEmpty) {
  EXPECT_TRUE(read_accounts(reader_, R"({"accounts":[],"success":true,"errorCode":0})")->empty());
  EXPECT_EQ(read_accounts(reader_, R"({"success":true,"errorCode":0})").error().code, ErrorCode::MissingField);
  EXPECT_EQ(read_accounts(reader_, R"({"accounts":null,"success":true,"errorCode":0})").error().code,
            ErrorCode::MissingField);
  EXPECT_EQ(read_accounts(reader_, R"({"accounts":{},"success":true,"errorCode":0})").error().code,
            ErrorCode::MissingField);
  EXPECT_EQ(read_accounts(reader_, R"({"accounts":[5],"success":true,"errorCode":0})").error().code,
            ErrorCode::Malformed);
  EXPECT_EQ(read_accounts(reader_, R"({"success":false,"errorCode":1})").error().code, ErrorCode::Refused);
}

TEST_F(Replies, ContractsKeepTheGoodRowsAndNameTheBad) {
  const auto list = read_contracts(reader_, R"({"contracts":[
    {"id":"CON.F.US.ENQ.U26","name":"NQU6","description":"E-mini NASDAQ-100: September 2026","tickSize":0.25,"tickValue":5,"activeContract":true,"symbolId":"F.US.ENQ"},
    {"id":"CON.F.US.BAD.U26","name":"BADU6","description":"","tickSize":0,"tickValue":5,"activeContract":true,"symbolId":"F.US.BAD"}],
    "success":true,"errorCode":0,"errorMessage":null})");
  ASSERT_TRUE(list) << list.error().message;
  ASSERT_EQ(list->contracts.size(), 1U);
  EXPECT_EQ(list->contracts[0].id, "CON.F.US.ENQ.U26");
  EXPECT_EQ(list->contracts[0].description, "E-mini NASDAQ-100: September 2026");
  ASSERT_EQ(list->refused.size(), 1U);
  EXPECT_EQ(list->refused[0].code, ErrorCode::OutOfRange);
}

TEST_F(Replies, OneContractById) {
  const auto found = read_contract_by_id(
      reader_,
      R"({"contract":{"id":"CON.F.US.JY6.U26","name":"6JU6","tickSize":5e-7,"tickValue":6.25,"activeContract":false},"success":true,"errorCode":0})");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->tick_size_nanos, 500);
  EXPECT_FALSE(found->active);
  EXPECT_EQ(read_contract_by_id(reader_, R"({"contract":null,"success":false,"errorCode":1})").error().code,
            ErrorCode::Refused);
  EXPECT_EQ(read_contract_by_id(reader_, R"({"contract":null,"success":true,"errorCode":0})").error().code,
            ErrorCode::MissingField);
}

TEST_F(Replies, AnOrderIdIsNoAcceptance) {
  const auto placed =
      read_place(reader_, R"({"orderId":3500000001,"success":true,"errorCode":0,"errorMessage":null})");
  EXPECT_TRUE(placed->accepted);
  EXPECT_EQ(placed->order, OrderId{3500000001});
  const auto refused = read_place(
      reader_, R"({"orderId":3500000002,"success":false,"errorCode":2,"errorMessage":"Not enough margin."})");
  EXPECT_FALSE(refused->accepted);
  EXPECT_EQ(refused->text, "Not enough margin.");
}

TEST(TokenExpiry, IsReadFromThePayload) {
  // {"exp":1788825600} and {"name":"a?>~","exp":1788825600}
  EXPECT_EQ(read_token_expiry("eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3ODg4MjU2MDB9.c2ln"),
            BrokerTime::from_seconds(1788825600));
  EXPECT_EQ(read_token_expiry("h.eyJuYW1lIjoiYT8-fiIsImV4cCI6MTc4ODgyNTYwMH0.s"),
            BrokerTime::from_seconds(1788825600));
  EXPECT_EQ(read_token_expiry("h.eyJleHAiOjE3ODg4MjU2MDB9==.s"), BrokerTime::from_seconds(1788825600));
}

TEST(TokenExpiry, NeverRepeatsTheToken) {
  for (const char* token : {"", "secret", "secret.secret", "h.secr*et.s", "h.c2VjcmV0.s", "h.e30.s",
                            "h.eyJleHAiOiJzZWNyZXQifQ.s", "h..s"}) {
    SCOPED_TRACE(token);
    const auto expiry = read_token_expiry(token);
    ASSERT_FALSE(expiry);
    EXPECT_EQ(expiry.error().message.find("secr"), std::string::npos);
  }
}

}  // namespace
}  // namespace rm::projectx
