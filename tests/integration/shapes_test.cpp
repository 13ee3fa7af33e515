// The gateway was seen to speak in more than one shape: each is understood, and a breach told in it is enforced.

#include <nlohmann/json.hpp>

#include "integration/system_test.h"

namespace rm::test {
namespace {

struct Shape {
  const char* name;
  const char* settings;
};

class Shapes : public SystemTest, public testing::WithParamInterface<Shape> {};

TEST_P(Shapes, EventsInThisShapeReachTheBookAndAreEnforced) {
  paper_.control("settings", GetParam().settings);
  run();
  paper_.buy(kAccount, "MNQ", 5);
  ASSERT_TRUE(
      system().until([&] { return system().held(kMnq) == 5 && system().net_cents() == paper_.net_cents(kAccount); }));
  paper_.buy(kAccount, "MNQ", 1);
  EXPECT_TRUE(system().until([&] { return system().verified() == 1; }));
  EXPECT_EQ(paper_.position(kAccount, kMnq), 5);
  EXPECT_EQ(system().status().at("gateway").at("refused_messages"), 0);
}

INSTANTIATE_TEST_SUITE_P(Of, Shapes,
                         testing::Values(Shape{"Envelope", R"({"userEventShape":"envelope"})"},
                                         Shape{"Bare", R"({"userEventShape":"bare"})"},
                                         Shape{"Array", R"({"userEventShape":"array"})"},
                                         Shape{"Nulls", R"({"nullMembersOnHub":true})"},
                                         Shape{"IdsAsStrings", R"({"idsAsStringsOnHub":true})"},
                                         Shape{"PascalCase", R"({"pascalCaseOnHub":true})"},
                                         Shape{"FixedDecimals", R"({"fixedDecimalsInRest":true})"},
                                         Shape{"PartialFills", R"({"maxFillSize":1})"},
                                         Shape{"LateFills", R"({"latencyMs":80})"}),
                         [](const auto& shape) { return std::string{shape.param.name}; });

}  // namespace
}  // namespace rm::test
