#include <algorithm>
#include <set>

#include "desk.h"

namespace paper {
namespace {

TEST(Catalogue, EachContractIsConsistent) {
  const Catalogue catalogue;
  std::set<std::string> ids, roots;
  for (const Contract& c : catalogue.available()) {
    SCOPED_TRACE(c.id);
    EXPECT_TRUE(ids.insert(c.id).second);
    EXPECT_TRUE(roots.insert(c.root).second);
    EXPECT_TRUE(c.active);
    EXPECT_TRUE(c.on_tick(c.typical_price));
    EXPECT_GT(c.fee, 0_d);
    EXPECT_GT(c.commission, 0_d);
    EXPECT_EQ(c.id, "CON." + c.symbol_id + "." + c.display_name.substr(c.root.size()));
    EXPECT_EQ(c.name.substr(0, c.name.size() - 2), c.root);
    EXPECT_EQ(catalogue.by_id(c.id)->name, c.name);
    EXPECT_EQ(catalogue.find_symbol(c.root)->id, c.id);
  }
  EXPECT_EQ(ids.size(), 55U);
}

TEST(Catalogue, KnowsTheTicks) {
  const struct {
    const char* root;
    Decimal size, value;
  } cases[] = {{"MNQ", 0.25_d, 0.5_d},         {"ES", 0.25_d, 12.5_d}, {"6J", 0.0000005_d, 6.25_d},
               {"ZT", 0.00390625_d, 7.8125_d}, {"ZC", 0.25_d, 12.5_d}, {"MBT", 5_d, 0.5_d},
               {"CL", 0.01_d, 10_d},           {"NKD", 5_d, 25_d},     {"TN", 0.015625_d, 15.625_d},
               {"M6B", 0.0001_d, 0.625_d}};
  const Catalogue catalogue;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.root);
    EXPECT_EQ(catalogue.find_symbol(c.root)->tick_size, c.size);
    EXPECT_EQ(catalogue.find_symbol(c.root)->tick_value, c.value);
  }
}

TEST(Catalogue, NamesOfOneContract) {
  const Contract c = Catalogue{}.by_id("CON.F.US.ENQ.U26").value();
  EXPECT_EQ(c.name, "NQU6");
  EXPECT_EQ(c.display_name, "NQU26");
  EXPECT_EQ(c.description, "E-mini NASDAQ-100: September 2026");
  EXPECT_EQ(c.symbol_id, "F.US.ENQ");
}

TEST(Catalogue, TextSearchFindsEveryNameThatContainsTheText) {
  const auto found = Catalogue{}.search("nq");
  std::vector<std::string> roots;
  for (const Contract& c : found) roots.push_back(c.root);
  EXPECT_THAT(roots, testing::UnorderedElementsAre("MNQ", "NQ", "QG", "QM"));
  EXPECT_THAT(Catalogue{}.search("nothing"), IsEmpty());
  EXPECT_EQ(Catalogue{}.search("").size(), 20U);
}

TEST(Catalogue, OtherMonthsAreKnownButNotTradable) {
  const Catalogue catalogue;
  ASSERT_TRUE(catalogue.by_id("CON.F.US.MNQ.M25"));
  EXPECT_FALSE(catalogue.by_id("CON.F.US.MNQ.M25")->active);
  for (const char* id :
       {"", "MNQ", "CON.F.US.MNQ.A26", "CON.F.US.MNQ.U2", "CON.F.US.XYZ.U26", "CON.F.US.MNQ.U26.", ".U26"}) {
    EXPECT_FALSE(catalogue.by_id(id)) << id;
  }
}

TEST(Catalogue, ARollMakesTheNextMonthTradable) {
  Catalogue catalogue;
  EXPECT_TRUE(catalogue.roll("MNQ", "Z26"));
  EXPECT_EQ(catalogue.find_symbol("MNQ")->id, "CON.F.US.MNQ.Z26");
  EXPECT_FALSE(catalogue.by_id(kMnq)->active);
  EXPECT_FALSE(catalogue.roll("MNQ", "Y26"));
  EXPECT_FALSE(catalogue.roll("XYZ", "Z26"));
}

}  // namespace
}  // namespace paper
