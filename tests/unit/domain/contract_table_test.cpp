// One product, many spellings: the broker's vendor symbols, names and ids lead to the root that people write.
#include "domain/contract_table.h"

namespace rm {
namespace {

struct Product {
  const char* broker_id;
  const char* name;
  const char* root;
  const char* vendor;
};

constexpr Product kProducts[] = {
    {"CON.F.US.ENQ.U26", "NQU6", "NQ", "ENQ"},   {"CON.F.US.EP.U26", "ESU6", "ES", "EP"},
    {"CON.F.US.MNQ.U26", "MNQU6", "MNQ", "MNQ"}, {"CON.F.US.M2K.U26", "M2KU6", "M2K", "M2K"},
    {"CON.F.US.EU6.U26", "6EU6", "6E", "EU6"},   {"CON.F.US.JY6.U26", "6JU6", "6J", "JY6"},
    {"CON.F.US.M6E.U26", "M6EU6", "M6E", "M6E"}, {"CON.F.US.EEU.U26", "E7U6", "E7", "EEU"},
    {"CON.F.US.SR3.Z25", "SR3Z5", "SR3", "SR3"}, {"CON.F.US.GCE.Z26", "GCZ6", "GC", "GCE"},
    {"CON.F.US.NQM.V26", "QMV6", "QM", "NQM"},   {"CON.F.US.USA.U26", "ZBU6", "ZB", "USA"},
};

ContractTable full_table() {
  ContractTable table;
  for (const Product& p : kProducts) table.learn(p.broker_id, p.name, 250'000'000, Money::from_cents(50), true);
  return table;
}

TEST(ContractTable, EverySpellingIsTheSameSymbol) {
  ContractTable table = full_table();
  for (const Product& p : kProducts) {
    SCOPED_TRACE(p.root);
    const Contract& contract = table.at(table.find(p.broker_id).value());
    EXPECT_EQ(contract.root, p.root);
    EXPECT_EQ(table.symbol(p.root), contract.symbol);
    EXPECT_EQ(table.symbol(p.vendor), contract.symbol);
    EXPECT_EQ(table.symbol("F.US." + std::string{p.vendor}), contract.symbol);
    EXPECT_EQ(table.symbol(p.broker_id), contract.symbol);
    EXPECT_EQ(table.symbol_text(contract.symbol), p.root);
    for (const std::string& spelling :
         {std::string{p.root}, "F.US." + std::string{p.vendor}, std::string{p.broker_id}})
      EXPECT_EQ(table.find_symbol(spelling), contract.symbol);
  }
}

TEST(ContractTable, FindingASymbolEntersNothing) {
  const ContractTable table = full_table();
  EXPECT_EQ(table.find_symbol("RTY"), std::nullopt);
  EXPECT_EQ(table.find_symbol("RTY"), std::nullopt);
}

TEST(ContractTable, ProductsThatLookAlikeStayApart) {
  ContractTable table = full_table();
  EXPECT_NE(table.symbol("NQ"), table.symbol("MNQ"));
  EXPECT_NE(table.symbol("NQ"), table.symbol("QM"));
  EXPECT_NE(table.symbol("6E"), table.symbol("M6E"));
  EXPECT_NE(table.symbol("6E"), table.symbol("E7"));
}

TEST(ContractTable, AContractIsInternedOnceAndCompletedLater) {
  ContractTable table;
  const ContractId id = table.intern("CON.F.US.EP.U26");
  EXPECT_FALSE(table.at(id).valuable()) << "no tick before the broker's record";
  EXPECT_EQ(table.intern("CON.F.US.EP.U26"), id);
  const Contract* before = &table.at(id);
  for (int i = 0; i < 100; ++i) table.intern("CON.F.US.X" + std::to_string(i) + ".U26");
  EXPECT_EQ(table.learn("CON.F.US.EP.U26", "ESU6", 250'000'000, Money::parse("12.5").value(), true), id);
  EXPECT_EQ(&table.at(id), before) << "references stay valid";
  EXPECT_TRUE(before->valuable());
  EXPECT_EQ(before->root, "ES");
}

TEST(ContractTable, ASymbolAskedForBeforeTheRecordMeansTheSameAfter) {
  ContractTable table;
  const SymbolId vendor = table.symbol("EP");
  const ContractId june = table.intern("CON.F.US.EP.M26");
  const ContractId september =
      table.learn("CON.F.US.EP.U26", "ESU6", 250'000'000, Money::parse("12.5").value(), true);
  EXPECT_EQ(table.at(september).symbol, vendor);
  EXPECT_EQ(table.at(june).symbol, vendor) << "another month of the product, met before";
  EXPECT_EQ(table.at(june).root, "ES");
  EXPECT_EQ(table.symbol("ES"), vendor);
  EXPECT_EQ(table.symbol_text(vendor), "ES");
}

TEST(ContractTable, ARootConfiguredBeforeTheRecordIsFound) {
  ContractTable table;
  const SymbolId configured = table.symbol("NQ");
  const ContractId id = table.learn("CON.F.US.ENQ.U26", "NQU6", 250'000'000, Money::from_units(5), true);
  EXPECT_EQ(table.at(id).symbol, configured);
  EXPECT_EQ(table.symbol("ENQ"), configured);
}

TEST(ContractTable, FindsASymbolInEverySpellingWithoutEnteringIt) {
  ContractTable table;
  EXPECT_FALSE(table.find_symbol("NQ").has_value());
  const ContractId id = table.learn("CON.F.US.ENQ.U26", "NQU6", 250'000'000, Money::from_units(5), true);
  for (const char* spelling : {"NQ", "ENQ", "F.US.ENQ", "CON.F.US.ENQ.Z26"})
    EXPECT_EQ(table.find_symbol(spelling), table.at(id).symbol) << spelling;
  EXPECT_FALSE(table.find_symbol("ES").has_value());
  EXPECT_FALSE(table.find_symbol("ES").has_value()) << "asking enters nothing";
}

TEST(ContractTable, StrangeIdsAreKeptWhole) {
  EXPECT_EQ(vendor_of_broker_id("CON.F.US.ENQ.U26"), "ENQ");
  EXPECT_EQ(vendor_of_broker_id("CON.F.US.ENQ"), "ENQ");
  EXPECT_EQ(vendor_of_broker_id("CON.F.EU.DAX.U26"), "CON.F.EU.DAX.U26");
  EXPECT_EQ(vendor_of_broker_id("CON.F.US."), "");
  EXPECT_EQ(vendor_of_broker_id(""), "");
  EXPECT_EQ(root_of_name("NQU6"), "NQ");
  EXPECT_EQ(root_of_name("U6"), "U6");
  EXPECT_EQ(root_of_name(""), "");
  ContractTable table;
  EXPECT_FALSE(table.find("CON.F.US.ENQ.U26").has_value());
  EXPECT_FALSE(table.contains(ContractId{0}));
}

}  // namespace
}  // namespace rm
