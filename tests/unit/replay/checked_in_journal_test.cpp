// A small journal of the real daemon, checked in: it must replay in every build, of every compiler.
#include "replay/comparison.h"
#include "sample.h"

namespace rm::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(CheckedInJournal, ReplaysIdentically) {
  const Outcome outcome = replayed(kSample);
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("3 runs of the daemon, "), HasSubstr("identical: "), HasSubstr(" events a second\n")));
}

TEST(CheckedInJournal, HasEnoughInItToProveSomething) {
  const auto replay = Replay::open(kSample).value();
  std::set<std::string_view> rules, kinds;
  std::size_t decisions = 0, receipts = 0, changes = 0;
  for (const ReplayStep* step = nullptr; (step = replay->step().value()) != nullptr;) {
    if (step->kind == ReplayStep::Kind::Event) kinds.insert(name_of(step->event->body));
    if (step->kind == ReplayStep::Kind::Receipt) ++receipts;
    if (step->kind == ReplayStep::Kind::RulesChanged) ++changes;
    if (step->kind != ReplayStep::Kind::Decision) continue;
    ++decisions;
    for (const Violation& violation : step->recorded->violations) rules.insert(violation.rule);
  }
  EXPECT_GT(decisions, 20U);
  EXPECT_GT(receipts, 20U);
  EXPECT_GE(changes, 1U);
  EXPECT_GE(rules.size(), 6U);
  EXPECT_GE(kinds.size(), 9U);
}

// Between two steps everything can be asked.
TEST(CheckedInJournal, BookEngineAndRulesCanBeAskedAtAnyStep) {
  const auto replay = Replay::open(kSample).value();
  std::size_t asked = 0;
  for (const ReplayStep* step = nullptr; (step = replay->step().value()) != nullptr;) {
    if (step->replayed.empty()) continue;
    const Decision& decision = step->replayed.front();
    const AccountGuard* guard = replay->engine().find(decision.account);
    ASSERT_NE(guard, nullptr);
    ASSERT_NE(replay->book().find(decision.account), nullptr);
    EXPECT_EQ(step->event->sequence, decision.trigger_sequence);
    for (const GuardedRule& rule : guard->rules())
      EXPECT_NE(rule.rule->status(*replay->book().find(decision.account)).limit, "");
    ++asked;
  }
  EXPECT_GT(asked, 20U);
}

TEST(CheckedInJournal, ADecisionThatIsNotTheRecordedOneIsShown) {
  const Copy copy;
  copy.edit(0, [](Bytes& bytes) {
    seal_again(bytes, places_of(bytes, RecordType::Decision).at(2), RecordType::Decision,
               [](std::span<std::byte> payload) { payload[0] ^= std::byte{64}; });  // its number
  });
  const Outcome outcome = replayed(copy.path());
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("@@ event in record "), HasSubstr("\n- enforcement "),
                                 HasSubstr("\n+ enforcement "), HasSubstr("\n  goal: ")));
  EXPECT_THAT(outcome.err, HasSubstr("does NOT replay identically: 2 decisions the same"));
}

TEST(CheckedInJournal, ADecisionThatWasNotRecordedIsShown) {
  const Copy copy;
  copy.edit(0, [](Bytes& bytes) {
    seal_again(bytes, places_of(bytes, RecordType::Decision).at(0), RecordType::Note, [](std::span<std::byte>) {});
  });
  const Outcome outcome = replayed(copy.path());
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("\n- no decision\n+ enforcement "), HasSubstr("\n+ goal: ")));
}

// An event that is left out, as if the daemon had not written it down.
TEST(CheckedInJournal, WithoutOneOfItsEventsItDoesNotReplay) {
  std::size_t different = 0;
  for (std::size_t i = 5; i < 60; i += 5) {
    const Copy copy;
    copy.edit(0, [&](Bytes& bytes) {
      seal_again(bytes, places_of(bytes, RecordType::Event).at(i), RecordType::Note, [](std::span<std::byte>) {});
    });
    different += replayed(copy.path()).code == 1 ? 1U : 0U;
  }
  EXPECT_GT(different, 0U);
}

TEST(CheckedInJournal, AnotherConfigurationIsComparedInMoney) {
  const TempDir dir;
  const auto other = dir.path() / "other.yaml";
  std::ofstream{other} << "rules: {daily_unrealized_loss: {limit: -30}, max_contracts: {max_contracts: 2}}\n";
  const Outcome outcome = replayed(kSample, other.string());
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("FALLS AWAY"), HasSubstr("NEW"), HasSubstr(" (realised "),
                                 HasSubstr("as recorded, the day from ")));
}

}  // namespace
}  // namespace rm::test
