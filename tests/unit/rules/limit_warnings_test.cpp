// Warnings: once per crossing, armed again only when the use has fallen back ten points.
#include "rules/limit_warnings.h"

namespace rm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct LimitWarningsTest : ::testing::Test {
  LimitWarnings warnings{{50, 75, 90}};
  std::vector<std::int64_t> at(std::int64_t dollars) {
    Findings findings;
    warnings.update(Money::from_units(dollars), Money::from_units(-1000), findings);
    std::vector<std::int64_t> said;
    for (const Warning& warning : findings.warnings) said.push_back(warning.percent);
    return said;
  }
};

TEST_F(LimitWarningsTest, OncePerCrossing) {
  EXPECT_THAT(at(-499), IsEmpty());
  EXPECT_THAT(at(-500), ElementsAre(50));
  EXPECT_THAT(at(-600), IsEmpty());
  EXPECT_THAT(at(-750), ElementsAre(75));
  EXPECT_THAT(at(-749), IsEmpty());
  EXPECT_THAT(at(-750), IsEmpty()) << "dancing around the threshold says nothing again";
}

TEST_F(LimitWarningsTest, ArmedAgainTenPointsBelow) {
  EXPECT_THAT(at(-500), ElementsAre(50));
  EXPECT_THAT(at(-400), IsEmpty());
  EXPECT_THAT(at(-500), IsEmpty()) << "40 % is not below 40 %";
  EXPECT_THAT(at(-399), IsEmpty());
  EXPECT_THAT(at(-500), ElementsAre(50));
}

TEST_F(LimitWarningsTest, AProfitArmsEverything) {
  EXPECT_THAT(at(-999), ElementsAre(50, 75, 90));
  EXPECT_THAT(at(+500), IsEmpty());
  EXPECT_THAT(at(-900), ElementsAre(50, 75, 90));
}

TEST_F(LimitWarningsTest, AtTheLimitTheRuleItselfSpeaks) {
  EXPECT_THAT(at(-1000), IsEmpty());
  EXPECT_THAT(at(-950), IsEmpty()) << "and what was passed on the way is not said on the way back";
}

TEST(LimitWarningsOfACount, TheLimitItselfIsStillWarnedAbout) {
  LimitWarnings warnings{{90}, LimitKind::Above};
  Findings findings;
  warnings.update(std::int64_t{1001}, std::int64_t{1000}, findings);
  EXPECT_THAT(findings.warnings, IsEmpty()) << "above it the rule itself speaks, though it is 100 % rounded";
  warnings.update(std::int64_t{0}, std::int64_t{1000}, findings);
  warnings.update(std::int64_t{1000}, std::int64_t{1000}, findings);
  EXPECT_EQ(findings.warnings.size(), 1U);
}

TEST(LimitWarningsPerId, EachHasItsOwn) {
  WarningsPerId warnings{{50}};
  Findings findings;
  for (const ContractId contract : {ContractId{7}, ContractId{2}, ContractId{7}})
    warnings.of(contract).update(Money::from_units(-60), Money::from_units(-100), findings, contract);
  ASSERT_EQ(findings.warnings.size(), 2U);
  EXPECT_EQ(findings.warnings[0].contract, ContractId{7});
  EXPECT_EQ(findings.warnings[1].contract, ContractId{2});
}

}  // namespace
}  // namespace rm
