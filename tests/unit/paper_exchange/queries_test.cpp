#include "desk.h"

namespace paper {
namespace {

std::vector<std::int64_t> ids(const std::vector<Order>& orders) {
  std::vector<std::int64_t> out;
  for (const Order& o : orders) out.push_back(o.id.value - 3'500'000'000);
  return out;
}

class Queries : public testing::Test {
 protected:
  Queries() {
    desk.market(Side::Buy, 1);          // 1 filled
    desk.limit(Side::Buy, 1, 29400_d);  // 2 open
    desk.pass(1min);
    desk.limit(Side::Buy, 1, 29400.1_d);                    // 3 rejected
    desk.cancel(*desk.limit(Side::Buy, 1, 29300_d).order);  // 4 cancelled
    desk.limit(Side::Sell, 1, 29600_d);                     // 5 open
  }
  std::vector<std::int64_t> page(OrderQuery q) {
    q.account = desk.id;
    return ids(desk.exchange.query(q).value().orders);
  }
  Desk desk;
};

TEST_F(Queries, SearchIsAscendingAndHasAllButSleepingOrders) {
  EXPECT_THAT(ids(desk.exchange.orders(desk.id, {}, {})), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(ids(desk.exchange.orders(desk.id, desk.now, {})), ElementsAre(3, 4, 5));
  EXPECT_THAT(ids(desk.exchange.orders(desk.id, {}, desk.now - 1s)), ElementsAre(1, 2));
  EXPECT_THAT(desk.exchange.orders(AccountId{1}, {}, {}), IsEmpty());
}

TEST_F(Queries, OpenMeansStatusOne) {
  EXPECT_THAT(ids(desk.exchange.open_orders(desk.id)), ElementsAre(2, 5));
}

TEST_F(Queries, OneOrderIsFoundOnlyInItsAccount) {
  EXPECT_TRUE(desk.exchange.order(desk.id, OrderId{3'500'000'001}));
  EXPECT_FALSE(desk.exchange.order(AccountId{1}, OrderId{3'500'000'001}));
}

TEST_F(Queries, PagesFiltersAndSorting) {
  EXPECT_THAT(page({}), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(page({.statuses = {OrderStatus::Open, OrderStatus::Rejected}}), ElementsAre(2, 3, 5));
  EXPECT_THAT(page({.page_size = 2, .page_offset = 3}), ElementsAre(4, 5));
  EXPECT_THAT(page({.page_size = 2, .page_offset = 9}), IsEmpty());
  EXPECT_THAT(page({.page_size = 2, .sort_by_id = true, .descending = true}), ElementsAre(5, 4));
  EXPECT_THAT(page({.created_after = desk.now}), ElementsAre(3, 4, 5));
  EXPECT_THAT(page({.created_before = desk.now - 1s}), ElementsAre(1, 2));
  EXPECT_THAT(page({.contract = kEs}), IsEmpty());
  EXPECT_EQ(desk.exchange.query({.account = desk.id, .page_size = 2}).value().total, 5);
}

TEST_F(Queries, PageBoundsAreRefused) {
  for (const int size : {0, -1, 501})
    EXPECT_FALSE(desk.exchange.query({.account = desk.id, .page_size = size})) << size;
  EXPECT_FALSE(desk.exchange.query({.account = desk.id, .page_offset = -1}));
}

TEST_F(Queries, TradesAreDescending) {
  desk.market(Side::Buy, 1);
  const auto all = desk.exchange.trades(desk.id, {}, {});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_GT(all[0].id, all[1].id);
  EXPECT_EQ(desk.exchange.trades(desk.id, desk.now, {}).size(), 1U);
  EXPECT_EQ(desk.exchange.trades(desk.id, {}, desk.now - 1s).size(), 1U);
}

TEST(QueriesOfBrackets, TheCompleteQueryShowsSleepingLegs) {
  Account account;
  account.bracket_mode = BracketMode::AutoOco;
  Desk desk{{}, account};
  desk.place({.type = OrderType::Limit,
              .side = Side::Buy,
              .size = 1,
              .limit_price = 29400_d,
              .stop_loss = BracketLeg{-40, OrderType::Stop}});
  const auto page = desk.exchange.query({.account = desk.id, .statuses = {OrderStatus::Suspended}}).value();
  EXPECT_THAT(ids(page.orders), ElementsAre(2));
}

TEST(UsersAndAccounts, BelongTogether) {
  Desk desk;
  Exchange& exchange = desk.exchange;
  const UserId second = exchange.add_user("Second", "key", 7);
  EXPECT_EQ(exchange.find_user("SECOND")->login_refusal, 7);
  EXPECT_EQ(exchange.find_user("third"), nullptr);
  EXPECT_EQ(exchange.add_user("second", "new-key"), second);
  EXPECT_EQ(exchange.user(second)->api_key, "new-key");

  Account account;
  account.id = AccountId{7};
  account.user = second;
  account.active = false;
  EXPECT_TRUE(exchange.add_account(account));
  EXPECT_FALSE(exchange.add_account(account));
  account.id = AccountId{8};
  account.user = UserId{1};
  EXPECT_FALSE(exchange.add_account(account));
  EXPECT_TRUE(exchange.owns(second, AccountId{7}));
  EXPECT_FALSE(exchange.owns(second, desk.id));
  EXPECT_FALSE(exchange.owns(second, AccountId{8}));
  EXPECT_EQ(exchange.accounts(second, false).size(), 1U);
  EXPECT_THAT(exchange.accounts(second, true), IsEmpty());
  EXPECT_EQ(exchange.accounts().size(), 2U);
}

TEST(UsersAndAccounts, AChangeOfAnAccountIsTold) {
  Desk desk;
  EXPECT_TRUE(desk.exchange.set_account(desk.id, {.can_trade = false, .balance = 100.5_d}, desk.now).ok());
  EXPECT_THAT(desk.take(), ElementsAre("balance 100.5"));
  EXPECT_FALSE(desk.exchange.account(desk.id)->can_trade);
  EXPECT_EQ(desk.exchange.set_account(AccountId{1}, {}, desk.now).code, 1);
}

}  // namespace
}  // namespace paper
