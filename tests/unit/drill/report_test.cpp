#include "drill/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "drill/timeline.h"
#include "unit/drill/proven_record.h"

namespace rm::drill {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Report report_of(const ProvenRecord& run) {
  RuleResult rule;
  rule.rule = "max_contracts";
  rule.account = "7";
  rule.steps = {"buy 6 at the market"};
  rule.judgement = run.judged();
  Report report;
  report.config_file = "risk & <more>.yaml";
  report.rules.push_back(std::move(rule));
  report.took_ms = 1234;
  return report;
}

TEST(DrillReport, SaysThatEverythingIsProvenAndHow) {
  const Report report = report_of({});
  EXPECT_TRUE(report.proven());
  const std::string text = report_text(report);
  EXPECT_THAT(text, AllOf(HasSubstr("drill: 1 of 1 rules are proven in all 14 links, in 1.2 s"),
                          HasSubstr("broken by  buy 6 at the market"), HasSubstr("+0.500 ms"),
                          HasSubstr("[paper gateway, event 3]"), Not(HasSubstr("NOT PROVEN"))));
  for (const LinkName& link : link_names()) EXPECT_THAT(text, HasSubstr(std::string{link.name}));
}

TEST(DrillReport, NamesTheFirstLinkThatIsNotProven) {
  ProvenRecord run;
  run.record.violations.clear();
  const Report report = report_of(run);
  EXPECT_FALSE(report.proven());
  EXPECT_THAT(report.verdict(), HasSubstr("0 of 1 rules are proven in all 14 links"));
  EXPECT_THAT(report.verdict(), HasSubstr("max_contracts: R14 record is not proven"));
  EXPECT_THAT(report_text(report), HasSubstr("NOT PROVEN"));
  EXPECT_THAT(report_json(report), AllOf(HasSubstr("\"proven\": false"), HasSubstr("table violations")));
}

TEST(DrillReport, WithoutARuleNothingIsProven) {
  EXPECT_FALSE(Report{}.proven());
}

TEST(DrillReport, ARuleThatCouldNotBeBrokenIsNotProven) {
  Report report = report_of({});
  report.rules.front().problem = "it cannot be broken with these values";
  EXPECT_FALSE(report.proven());
  EXPECT_THAT(report_text(report), HasSubstr("NOT DONE: it cannot be broken with these values"));
  EXPECT_THAT(report_html(report), HasSubstr("NOT DONE: it cannot be broken"));
}

TEST(DrillReport, ThePageHoldsAPictureOfEachRuleAndNothingFromElsewhere) {
  const std::string page = report_html(report_of({}));
  EXPECT_THAT(
      page, AllOf(HasSubstr("<svg"), HasSubstr("every link of every rule is proven"),
                  HasSubstr("risk &amp; &lt;more&gt;.yaml"), Not(HasSubstr("src=")), Not(HasSubstr("href=\"http"))));
}

TEST(DrillReport, ThePictureHasEachLinkThatHasATime) {
  const std::string svg = timeline_svg(ProvenRecord{}.judged());
  for (const char* link : {">R1<", ">R2<", ">R6<", ">R11<", ">R12<", ">R13<"}) EXPECT_THAT(svg, HasSubstr(link));
  for (const char* link : {">R5<", ">R14<"}) EXPECT_THAT(svg, Not(HasSubstr(link)));
}

// Where links lie close together their labels are stacked: all of the daemon's at one instant still end above the
// axis.
TEST(DrillReport, ThePictureGrowsWithItsLabels) {
  Judgement judgement = ProvenRecord{}.judged();
  for (Evidence& evidence : judgement.links) evidence.at_ns = 0;
  const std::string svg = timeline_svg(judgement);
  const auto lowest = [&](const std::string& kind) {
    double most = 0;
    for (std::size_t at = svg.find(kind); at != std::string::npos; at = svg.find(kind, at + 1))
      most = std::max(most, std::stod(svg.substr(svg.find(" y=\"", at) + 4)));
    return most;
  };
  constexpr double kHeightOfText = 12;
  EXPECT_GT(lowest("class=\"link\""), 200) << "nothing is stacked";
  EXPECT_GT(lowest("<text class=\"tick\""), lowest("class=\"link\"") + kHeightOfText);
}

TEST(DrillReport, TimesAreExactToTheMicrosecond) {
  EXPECT_EQ(time_text(1'234'567), "+1.234 ms");
  EXPECT_EQ(time_text(-10'000'456'000), "-10000.456 ms");
  EXPECT_EQ(time_text(std::nullopt), "");
}

}  // namespace
}  // namespace rm::drill
