#include "projectx/suite/suite_manager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace rm::projectx {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr AccountId kAccount{26001234};
constexpr AccountId kOther{26001235};
const char* const kYes = R"({"success":true,"errorCode":0,"errorMessage":null})";

// Remembers what was posted; answers only when told to.
class Wire final : public RestTransport {
 public:
  struct Post {
    std::string path, body;
    Priority priority;
    RequestCookie cookie;
  };
  void post(std::string_view path, std::string_view body, Priority priority, RequestCookie cookie) override {
    posts.push_back({std::string{path}, std::string{body}, priority, cookie});
  }
  void decline(RequestCookie cookie, std::string_view why) override { declined.emplace_back(cookie, why); }
  std::vector<Post> posts;
  std::vector<std::pair<RequestCookie, std::string>> declined;
};

class Suite : public testing::Test {
 protected:
  Suite() : mnq_{contracts_.intern("CON.F.US.MNQ.U26")}, manager_{contracts_, wire_} {
    EXPECT_TRUE(manager_.add_account(SuiteManager::first_session(), kAccount));
  }

  // Sends and gives back the one post that came of it.
  Wire::Post ask(BrokerAsk ask, AccountId account = kAccount) {
    const std::size_t before = wire_.posts.size();
    manager_.send({RequestId{++last_id_}, account, ask});
    EXPECT_EQ(wire_.posts.size(), before + 1);
    return wire_.posts.back();
  }
  // The same for a read on which an enforcement waits.
  Wire::Post verify(BrokerAsk ask) {
    manager_.send({RequestId{++last_id_}, kAccount, ask, true});
    return wire_.posts.back();
  }
  std::optional<BrokerReply> answer(RequestCookie cookie, std::string_view body, int status = 200) {
    HttpResult result;
    result.status = status;
    result.body = body;
    result.requested_at = BrokerTime::from_seconds(++seconds_);
    result.answered_at = BrokerTime::from_seconds(++seconds_);
    result.sent_ns = seconds_ * 10;
    result.answered_ns = seconds_ * 10 + 5;
    return manager_.on_http(cookie, result);
  }
  static std::string order(std::int64_t id, std::int64_t account = kAccount.value(), int status = 1) {
    return R"({"id":)" + std::to_string(id) + R"(,"accountId":)" + std::to_string(account) +
           R"(,"contractId":"CON.F.US.MNQ.U26","creationTimestamp":"2026-08-19T20:49:25Z","status":)" +
           std::to_string(status) +
           R"(,"type":4,"side":1,"size":1,"fillVolume":0,"stopPrice":29490,"limitPrice":null})";
  }
  // A page of orders with ids first ... last.
  static std::string orders(int first, int last, std::optional<int> total) {
    std::string body = R"({"orders":[)";
    for (int id = first; id <= last; ++id) body.append(id == first ? "" : ",").append(order(id));
    body += "]";
    if (total) body += R"(,"totalCount":)" + std::to_string(*total);
    return body + R"(,"success":true,"errorCode":0})";
  }

  ContractTable contracts_;
  ContractId mnq_;
  Wire wire_;
  SuiteManager manager_;
  std::uint64_t last_id_ = 0;
  std::int64_t seconds_ = 1'788'000'000;
};

TEST_F(Suite, EveryChangeIsItsOwnPostAndExitsAreUrgent) {
  const struct {
    BrokerAsk ask;
    const char *path, *body;
  } cases[] = {
      {ClosePosition{mnq_}, "/api/Position/closeContract",
       R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26"})"},
      {ReducePosition{mnq_, Lots{2}}, "/api/Position/partialCloseContract",
       R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","size":2})"},
      {CancelOrder{OrderId{3500000002}}, "/api/Order/cancel", R"({"accountId":26001234,"orderId":3500000002})"},
      {ModifyStop{OrderId{3500000002}, Price::parse("29490.25").value()}, "/api/Order/modify",
       R"({"accountId":26001234,"orderId":3500000002,"stopPrice":29490.25})"},
      {PlaceStop{mnq_, Side::Sell, Lots{2}, Price::parse("29490.25").value(), StopTag{1788273005123456789}},
       "/api/Order/place",
       R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":4,"side":1,"size":2,"stopPrice":29490.25,)"
       R"("customTag":"rm-stop-1788273005123456789"})"},
      {PlaceStop{mnq_, Side::Buy, Lots{1}, Price::parse("0.0067275").value(), StopTag{1}}, "/api/Order/place",
       R"({"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","type":4,"side":0,"size":1,"stopPrice":0.0067275,)"
       R"("customTag":"rm-stop-1"})"},
      {ResizeOrder{OrderId{3500000002}, Lots{1}}, "/api/Order/modify",
       R"({"accountId":26001234,"orderId":3500000002,"size":1})"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.path);
    const auto post = ask(c.ask);
    EXPECT_EQ(post.path, c.path);
    EXPECT_EQ(post.body, c.body);
    // Placing and changing stops are no exits: they must leave the reserve alone.
    const std::string_view path{c.path};
    const bool exit = path != "/api/Order/modify" && path != "/api/Order/place";
    EXPECT_EQ(post.priority, exit ? Priority::Urgent : Priority::Normal);
    const auto reply = answer(post.cookie, kYes);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->id, RequestId{last_id_});
    EXPECT_EQ(reply->account, kAccount);
    EXPECT_EQ(reply->outcome, Outcome::Accepted);
    EXPECT_EQ(reply->requested_at, BrokerTime::from_seconds(seconds_ - 1));
    EXPECT_EQ(reply->answered_at, BrokerTime::from_seconds(seconds_));
    EXPECT_EQ(reply->sent_ns, seconds_ * 10);
    EXPECT_EQ(reply->answered_ns, seconds_ * 10 + 5);
    EXPECT_FALSE(answer(post.cookie, kYes)) << "one reply, not two";
  }
}

TEST_F(Suite, RefusedAmbiguousAndLostAreToldApart) {
  const auto refused =
      answer(ask(ClosePosition{mnq_}).cookie, R"({"success":false,"errorCode":2,"errorMessage":null})");
  EXPECT_EQ(refused->outcome, Outcome::Refused);
  EXPECT_EQ(refused->error_code, 2);
  EXPECT_EQ(refused->text, "PositionNotFound");
  EXPECT_EQ(answer(ask(ClosePosition{mnq_}).cookie, R"({"success":false,"errorCode":6})")->outcome,
            Outcome::Ambiguous);
  EXPECT_EQ(answer(ask(ClosePosition{mnq_}).cookie, "<html>", 502)->outcome, Outcome::Ambiguous);
  EXPECT_EQ(answer(ask(ClosePosition{mnq_}).cookie, "", 401)->outcome, Outcome::Unauthorised);
  EXPECT_EQ(answer(ask(ClosePosition{mnq_}).cookie, "", 429)->outcome, Outcome::RateLimited);
  const auto unsent = manager_.on_http(ask(ClosePosition{mnq_}).cookie,
                                       not_sent("the request budget is spent", BrokerTime::from_seconds(5), 9));
  EXPECT_EQ(unsent->outcome, Outcome::NotSent);
  EXPECT_EQ(unsent->text, "the request budget is spent");
}

TEST_F(Suite, AnswersMayComeInAnyOrder) {
  const auto a = ask(CancelOrder{OrderId{1}}), b = ask(CancelOrder{OrderId{2}}), c = ask(CancelOrder{OrderId{3}});
  EXPECT_EQ(answer(b.cookie, kYes)->id, RequestId{2});
  EXPECT_EQ(answer(c.cookie, kYes)->id, RequestId{3});
  EXPECT_EQ(answer(a.cookie, kYes)->id, RequestId{1});
  EXPECT_EQ((*manager_.find(kAccount))->in_flight(), 0U);
}

TEST_F(Suite, SenselessRequestsAreAnsweredNotSent) {
  const BrokerAsk senseless[] = {ClosePosition{ContractId{99}},
                                 ReducePosition{mnq_, Lots{0}},
                                 ReducePosition{mnq_, Lots{-1}},
                                 CancelOrder{OrderId{0}},
                                 PlaceStop{ContractId{99}, Side::Sell, Lots{1}, {}, StopTag{1}},
                                 PlaceStop{mnq_, Side::Sell, Lots{0}, {}, StopTag{1}},
                                 ResizeOrder{OrderId{0}, Lots{1}},
                                 ResizeOrder{OrderId{1}, Lots{0}},
                                 ModifyStop{OrderId{-1}, Price{}}};
  for (const auto& what : senseless) {
    manager_.send({RequestId{++last_id_}, kAccount, what});
    ASSERT_EQ(wire_.declined.size(), last_id_);
    const auto& [cookie, why] = wire_.declined.back();
    const auto reply = manager_.on_http(cookie, not_sent(why, BrokerTime::from_seconds(5), 9));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->id, RequestId{last_id_});
    EXPECT_EQ(reply->outcome, Outcome::NotSent);
    EXPECT_FALSE(reply->text.empty());
  }
  EXPECT_THAT(wire_.posts, IsEmpty());
}

TEST_F(Suite, AMissingAccountIsSaidLoudly) {
  EXPECT_EQ(manager_.find(kOther).error(),
            (Error{ErrorCode::UnknownAccount, "no trading suite serves account 26001235"}));
  EXPECT_EQ(manager_.find(kAccount, ContractId{99}).error().code, ErrorCode::UnknownContract);
  EXPECT_EQ((*manager_.find(kAccount, mnq_))->account(), kAccount);
  manager_.send({RequestId{7}, kOther, ClosePosition{mnq_}});
  ASSERT_EQ(wire_.declined.size(), 1U);
  const auto reply = manager_.on_http(wire_.declined[0].first, not_sent("?", BrokerTime::from_seconds(5), 9));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->id, RequestId{7});
  EXPECT_EQ(reply->account, kOther);
  EXPECT_EQ(reply->outcome, Outcome::NotSent);
  EXPECT_EQ(reply->text, "no trading suite serves account 26001235");
}

TEST_F(Suite, AccountsOfSeveralLoginsGoTheirOwnWays) {
  Wire second;
  const SessionId session = manager_.add_session(second);
  EXPECT_TRUE(manager_.add_account(session, kOther));
  EXPECT_FALSE(manager_.add_account(session, kOther)) << "one suite an account";
  EXPECT_FALSE(manager_.add_account(SessionId{9}, AccountId{5}));
  manager_.send({RequestId{1}, kOther, ClosePosition{mnq_}});
  manager_.send({RequestId{2}, kAccount, ClosePosition{mnq_}});
  ASSERT_EQ(second.posts.size(), 1U);
  ASSERT_EQ(wire_.posts.size(), 1U);
  EXPECT_NE(second.posts[0].cookie, wire_.posts[0].cookie);
  EXPECT_EQ(answer(second.posts[0].cookie, kYes)->account, kOther);
  EXPECT_EQ(answer(wire_.posts[0].cookie, kYes)->account, kAccount);
}

TEST_F(Suite, ReadsPositions) {
  const auto post = ask(ReadPositions{});
  EXPECT_EQ(post.path, "/api/Position/searchOpen");
  EXPECT_EQ(post.priority, Priority::Normal);
  const auto reply = answer(
      post.cookie,
      R"({"positions":[{"id":7,"accountId":26001234,"contractId":"CON.F.US.EP.U26","creationTimestamp":"2026-08-19T20:49:25.5Z","type":2,"size":3,"averagePrice":6335.250000000}],"success":true,"errorCode":0,"errorMessage":null})");
  ASSERT_TRUE(reply);
  ASSERT_EQ(reply->outcome, Outcome::Accepted) << reply->text;
  const auto& positions = std::get<std::vector<Position>>(reply->payload);
  ASSERT_EQ(positions.size(), 1U);
  EXPECT_EQ(positions[0].size, Lots{-3});
  EXPECT_EQ(contracts_.at(positions[0].contract).broker_id, "CON.F.US.EP.U26");
}

TEST_F(Suite, FlatIsAnEmptyListAndNothingLess) {
  const auto flat = answer(ask(ReadPositions{}).cookie, R"({"positions":[],"success":true,"errorCode":0})");
  EXPECT_EQ(flat->outcome, Outcome::Accepted);
  EXPECT_THAT(std::get<std::vector<Position>>(flat->payload), IsEmpty());
  for (const char* body : {R"({"success":true,"errorCode":0})", R"({"positions":null,"success":true,"errorCode":0})",
                           R"({"positions":[null],"success":true,"errorCode":0})",
                           R"({"positions":[{"id":7}],"success":true,"errorCode":0})"}) {
    SCOPED_TRACE(body);
    const auto reply = answer(ask(ReadPositions{}).cookie, body);
    EXPECT_EQ(reply->outcome, Outcome::Refused);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(reply->payload));
    EXPECT_FALSE(reply->text.empty());
  }
}

TEST_F(Suite, ARowOfAnotherAccountSpoilsTheAnswer) {
  const std::string body = R"({"orders":[)" + order(1) + "," + order(2, kOther.value()) +
                           R"(],"totalCount":2,"success":true,"errorCode":0})";
  EXPECT_EQ(answer(ask(ReadWorkingOrders{}).cookie, body)->outcome, Outcome::Refused);
}

TEST_F(Suite, ReadsSuspendedChildrenToo) {
  const auto post = ask(ReadWorkingOrders{});
  EXPECT_EQ(post.path, "/api/Order/v2/query");
  EXPECT_NE(post.body.find(R"("statuses":[1,6,7,8])"), std::string::npos);
  const std::string body =
      R"({"orders":[)" + order(1) + "," + order(2, kAccount.value(), 8) + R"(],"success":true,"errorCode":0})";
  const auto reply = answer(post.cookie, body);
  ASSERT_EQ(reply->outcome, Outcome::Accepted) << reply->text;
  const auto& read = std::get<std::vector<Order>>(reply->payload);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[1].status, OrderStatus::Suspended);
}

TEST_F(Suite, ReadsAllPagesWhenTheOffsetCountsRows) {
  const auto first = ask(ReadWorkingOrders{});
  EXPECT_FALSE(answer(first.cookie, orders(1, 50, 120)));
  const auto requested_at = BrokerTime::from_seconds(seconds_ - 1);
  EXPECT_NE(wire_.posts.back().body.find(R"("pageOffset":50,)"), std::string::npos);
  EXPECT_FALSE(answer(first.cookie, orders(51, 100, 120)));
  EXPECT_NE(wire_.posts.back().body.find(R"("pageOffset":100,)"), std::string::npos);
  const auto reply = answer(first.cookie, orders(101, 120, 120));
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<std::vector<Order>>(reply->payload).size(), 120U);
  EXPECT_EQ(reply->requested_at, requested_at) << "no newer than its oldest page";
  EXPECT_EQ(wire_.posts.size(), 3U);
}

TEST_F(Suite, ReadsAllPagesWhenTheOffsetCountsPages) {
  const auto first = ask(ReadWorkingOrders{});
  EXPECT_FALSE(answer(first.cookie, orders(1, 50, 70)));
  EXPECT_FALSE(answer(first.cookie, orders(1, 0, 70)));  // nothing at row 50: it was taken for page 50
  EXPECT_NE(wire_.posts.back().body.find(R"("pageOffset":1,)"), std::string::npos);
  const auto reply = answer(first.cookie, orders(51, 70, 70));
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<std::vector<Order>>(reply->payload).size(), 70U);
}

TEST_F(Suite, WithoutATotalAFullPageIsFollowedByAnother) {
  const auto first = ask(ReadWorkingOrders{});
  EXPECT_FALSE(answer(first.cookie, orders(1, 50, std::nullopt)));
  const auto reply = answer(first.cookie, orders(1, 0, std::nullopt));
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<std::vector<Order>>(reply->payload).size(), 50U);
}

TEST_F(Suite, AListThatStaysIncompleteIsNoAnswer) {
  const auto first = ask(ReadWorkingOrders{});
  std::optional<BrokerReply> reply;
  for (int i = 0; i < 200 && !reply; ++i) reply = answer(first.cookie, orders(1, 50, 1000));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->outcome, Outcome::Refused);
  EXPECT_LT(wire_.posts.size(), 10U);
}

TEST_F(Suite, AFailedPageFailsTheRead) {
  const auto first = ask(ReadWorkingOrders{});
  EXPECT_FALSE(answer(first.cookie, orders(1, 50, 70)));
  const auto reply = answer(first.cookie, "<html>", 502);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->outcome, Outcome::Refused);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(reply->payload));
  EXPECT_EQ((*manager_.find(kAccount))->in_flight(), 0U);
}

TEST_F(Suite, FallsBackToOpenOrdersWhereTheQueryDoesNotExist) {
  const auto first = ask(ReadWorkingOrders{});
  EXPECT_FALSE(answer(first.cookie, "", 404));
  EXPECT_EQ(wire_.posts.back().path, "/api/Order/searchOpen");
  EXPECT_EQ(wire_.posts.back().cookie, first.cookie);
  const auto reply = answer(first.cookie, orders(1, 2, std::nullopt));
  ASSERT_EQ(reply->outcome, Outcome::Accepted) << reply->text;
  EXPECT_EQ(std::get<std::vector<Order>>(reply->payload).size(), 2U);
  const auto again = ask(ReadWorkingOrders{});
  EXPECT_FALSE(answer(again.cookie, "", 404));
  EXPECT_EQ(answer(again.cookie, "", 404)->outcome, Outcome::Refused) << "no endless loop";
}

TEST_F(Suite, ReadsTrades) {
  const auto post = ask(ReadTrades{parse_timestamp("2026-08-19T22:00:00Z").value()});
  EXPECT_EQ(post.path, "/api/Trade/search");
  EXPECT_EQ(post.body, R"({"accountId":26001234,"startTimestamp":"2026-08-19T22:00:00Z"})");
  const auto reply = answer(
      post.cookie,
      R"({"trades":[{"id":3000000123,"accountId":26001234,"contractId":"CON.F.US.MNQ.U26","creationTimestamp":"2026-08-19T23:26:02.15673+00:00","price":29542.25,"profitAndLoss":null,"fees":0.36,"side":1,"size":1,"voided":false,"orderId":3400000123}],"success":true,"errorCode":0})");
  ASSERT_EQ(reply->outcome, Outcome::Accepted) << reply->text;
  EXPECT_EQ(std::get<std::vector<Trade>>(reply->payload).at(0).id, TradeId{3000000123});
}

TEST_F(Suite, ReadsItsAccountAmongOthers) {
  const char* const body =
      R"({"accounts":[{"id":1,"name":"A","balance":"odd","canTrade":true},{"id":26001234,"name":"B","balance":149871.36,"canTrade":false,"isVisible":true}],"success":true,"errorCode":0})";
  const auto reply = answer(ask(ReadAccount{}).cookie, body);
  ASSERT_EQ(reply->outcome, Outcome::Accepted) << reply->text;
  EXPECT_EQ(std::get<AccountInfo>(reply->payload), (AccountInfo{kAccount, Money::from_cents(14987136), false}));
  const auto missing = answer(ask(ReadAccount{}).cookie, R"({"accounts":[],"success":true,"errorCode":0})");
  EXPECT_EQ(missing->outcome, Outcome::Refused);
  EXPECT_EQ(missing->text, "the gateway lists no account 26001234");
}

TEST_F(Suite, OnlyReadsThatVerifyAnEnforcementMayUseTheReserve) {
  EXPECT_EQ(ask(ClosePosition{mnq_}).priority, Priority::Urgent);
  EXPECT_EQ(ask(ReadPositions{}).priority, Priority::Normal) << "a look of the reconciler at the same account";
  EXPECT_EQ(ask(ReadWorkingOrders{}).priority, Priority::Normal);
  EXPECT_EQ(ask(ReadTrades{}).priority, Priority::Normal);
  EXPECT_EQ(ask(ReadAccount{}).priority, Priority::Normal);
  EXPECT_EQ(verify(ReadWorkingOrders{}).priority, Priority::Urgent);
  EXPECT_EQ(verify(ReadPositions{}).priority, Priority::Urgent);
}

TEST_F(Suite, ReadsThatVerifyForLongLeaveTheRestOfTheReserveToExits) {
  EXPECT_EQ(ask(ClosePosition{mnq_}).priority, Priority::Urgent);
  for (int i = 0; i < 12; ++i) EXPECT_EQ(verify(ReadPositions{}).priority, Priority::Urgent);
  EXPECT_EQ(verify(ReadPositions{}).priority, Priority::Normal);
  EXPECT_EQ(ask(CancelOrder{OrderId{1}}).priority, Priority::Urgent);
  EXPECT_EQ(verify(ReadPositions{}).priority, Priority::Urgent) << "something was done that it verifies";
}

TEST_F(Suite, ReadsAfterAMovedStopLeaveTheReserveAlone) {
  EXPECT_EQ(ask(ModifyStop{OrderId{3500000002}, Price::parse("29490.25").value()}).priority, Priority::Normal);
  EXPECT_EQ(ask(ReadWorkingOrders{}).priority, Priority::Normal);
}

TEST(BrokerApiNames, AreStable) {
  EXPECT_EQ(name_of(Outcome::Accepted), "accepted");
  EXPECT_EQ(name_of(Outcome::Unauthorised), "unauthorised");
  EXPECT_EQ(name_of(BrokerAsk{ClosePosition{}}), "closeContract");
  EXPECT_EQ(name_of(BrokerAsk{ReadAccount{}}), "readAccount");
  EXPECT_TRUE(is_read(BrokerAsk{ReadPositions{}}));
  EXPECT_EQ(name_of(BrokerAsk{PlaceStop{}}), "place");
  EXPECT_EQ(name_of(BrokerAsk{ResizeOrder{}}), "modify");
  EXPECT_TRUE(is_read(BrokerAsk{ReadAccount{}}));
  EXPECT_FALSE(is_read(BrokerAsk{ModifyStop{}}));
  EXPECT_FALSE(is_read(BrokerAsk{PlaceStop{}}));
  EXPECT_FALSE(is_read(BrokerAsk{ResizeOrder{}}));
}

}  // namespace
}  // namespace rm::projectx
