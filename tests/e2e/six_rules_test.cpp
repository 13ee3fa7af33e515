// Six rules broken by one fill: one enforcement, and six reasons in the log and in the database. What is heard and
// done is told by tests/scenarios/six_rules_at_once.scn.
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr const char* kSixRules =
    "rules:\n"
    "  max_contracts: {max_contracts: 8}\n"
    "  max_contracts_per_instrument: {limits: {MNQ: 8}}\n"
    "  daily_loss: {max_loss: -1000.00}\n"
    "  daily_unrealized_loss: {limit: -1000.00}\n"
    "  trade_frequency_limit: {per_minute: 2}\n"
    "  no_stop_loss_grace: {grace: 0s}\n";

class SixRules : public EndToEnd {
 protected:
  // Long 1 at 29500, stopped, and 200 $ down; then 8 more far above the last trade.
  void break_them_all() {
    (void)paper().place(kAccount, "MNQ", "sell", 1, "stop", "29390");
    paper().buy(kAccount, "MNQ", 1);
    paper().price("MNQ", "29400");
    ASSERT_TRUE(eventually([&] { return daemon().open_cents(kAccount) == -20000; }));
    ASSERT_THAT(paper().mutating_requests(), testing::IsEmpty());
    paper().control("price", R"({"symbol":"MNQ","bid":29499.75,"ask":29500})");
    paper().buy(kAccount, "MNQ", 8);
    ASSERT_TRUE(eventually([&] { return paper().flat(kAccount) && daemon().verified(kAccount, "daily_loss"); }));
  }
};

TEST_F(SixRules, R22_OneEnforcementHasSixReasonsInTheLogAndInTheDatabase) {
  guard(kSixRules);
  ASSERT_NO_FATAL_FAILURE(break_them_all());
  const auto wanted = ElementsAre(Json::array({1, "max_contracts", "SIZE_ABOVE_MAX"}),
                                  Json::array({1, "max_contracts_per_instrument", "SIZE_ABOVE_MAX"}),
                                  Json::array({1, "daily_loss", "LOSS_AT_LIMIT"}),
                                  Json::array({1, "daily_unrealized_loss", "UNREALISED_LOSS_AT_LIMIT"}),
                                  Json::array({1, "trade_frequency_limit", "ENTRIES_AT_LIMIT"}),
                                  Json::array({1, "no_stop_loss_grace", "WITHOUT_STOP"}));
  std::vector<Json> said;
  for (const Json& line : daemon().logged("violation"))
    said.push_back(Json::array({line.at("enforcement"), line.at("rule"), line.at("violation")}));
  EXPECT_THAT(said, wanted);
  const auto rows = [&] { return daemon().rows("SELECT enforcement, rule, code FROM violations ORDER BY id"); };
  EXPECT_TRUE(eventually([&] { return rows().size() == 6U; }));
  EXPECT_THAT(rows(), wanted);

  EXPECT_THAT(daemon().logged("decision"), SizeIs(1));
  EXPECT_THAT(paper().requests("/api/Position/closeContract"), SizeIs(1)) << "closed once, not by six rules";
  EXPECT_THAT(paper().requests("/api/Position/partialCloseContract"), SizeIs(0));
  EXPECT_THAT(daemon().rows("SELECT id FROM enforcements"), SizeIs(1));
  EXPECT_THAT(daemon().rows("SELECT rule, kind FROM locks ORDER BY id"),
              ElementsAre(Json::array({"daily_loss", "hard"}), Json::array({"trade_frequency_limit", "entry"})));

  const auto verified = [&] {
    for (const Json& notice : daemon().notifications()) {
      if (notice.at("kind") == "verified") return notice.at("rule").get<std::string>();
    }
    return std::string{};
  };
  EXPECT_TRUE(eventually([&] { return !verified().empty(); }));
  EXPECT_EQ(verified(),
            "max_contracts, max_contracts_per_instrument, daily_loss, daily_unrealized_loss, trade_frequency_limit, "
            "no_stop_loss_grace");
}

}  // namespace
}  // namespace rm::test
