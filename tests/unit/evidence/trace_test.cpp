// `trace` and `why` on the journal of a real daemon that is checked in.

#include "evidence/trace.h"

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/journal_command.h"
#include "cli/replay_command.h"
#include "cli/trace_command.h"
#include "control/rule_line.h"
#include "support/as_nobody.h"
#include "unit/store/desk.h"
#include "unit/store/tampering.h"

namespace rm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using samples::OpenedSegment;
using samples::TempDir;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

const fs::path kJournal = RM_JOURNAL_DIR;

// Every decision that is recorded there, and every event's record.
struct Recorded {
  std::vector<Decision> decisions;
  std::vector<std::uint64_t> records;
};

Recorded recorded() {
  Recorded all;
  const auto replay = Replay::open(kJournal).value();
  for (const ReplayStep* step = nullptr; (step = replay->step().value()) != nullptr;) {
    if (step->kind == ReplayStep::Kind::Decision) all.decisions.push_back(*step->recorded);
    if (step->kind == ReplayStep::Kind::Event) all.records.push_back(step->record.sequence);
  }
  return all;
}

const AccountStand* stand_of(const Moment& moment, AccountId account) {
  const auto found = std::ranges::find(moment.accounts, account, &AccountStand::account);
  return found == moment.accounts.end() ? nullptr : &*found;
}

const RuleStand* rule_of(const AccountStand& stand, std::string_view rule) {
  const auto found = std::ranges::find(stand.rules, rule, &RuleStand::rule);
  return found == stand.rules.end() ? nullptr : &*found;
}

TEST(Margin, IsTheWayToTheLimitOfLossesSizesAndTargets) {
  EXPECT_EQ(margin_text("-906.49", "-1000.00", 90), "93.51 left");
  EXPECT_EQ(margin_text("-1003.99", "-1000.00", 100), "3.99 beyond");
  EXPECT_EQ(margin_text("-1000.00", "-1000.00", 100), "0.00 left");
  EXPECT_EQ(margin_text("250.00", "-1000.00", 0), "1250.00 left");
  EXPECT_EQ(margin_text("6", "5", 120), "1 beyond");
  EXPECT_EQ(margin_text("3", "5 MNQ", 60), "2 left");
  EXPECT_EQ(margin_text("90.00", "400.00", 22), "310.00 left");
  EXPECT_EQ(margin_text("2", "0", 100), "2 beyond");
  EXPECT_EQ(margin_text("unknown", "-1000.00", 0), "");
  EXPECT_EQ(margin_text("canTrade: true", "canTrade: true", 0), "");
}

TEST(Cents, AreWhatAPersonReadsAndOnlyMoneyIsRounded) {
  EXPECT_EQ(in_cents("-70.679999997"), "-70.68");
  EXPECT_EQ(in_cents("929.320000003 left"), "929.32 left");
  EXPECT_EQ(in_cents("-0.004 (not everything can be valued)"), "0.00 (not everything can be valued)");
  for (const char* text : {"-906.49", "5", "0.5", "12.50 left", "unknown", "canTrade: true", "3 beyond", ""})
    EXPECT_EQ(in_cents(text), text);
}

TEST(Target, IsAnEnforcementAnEventOrARecord) {
  EXPECT_EQ(parse_target("3")->kind, TraceTarget::Kind::Enforcement);
  EXPECT_EQ(parse_target("enforcement:3")->number, 3U);
  EXPECT_EQ(parse_target("event:404")->kind, TraceTarget::Kind::Event);
  EXPECT_EQ(parse_target("record:162")->kind, TraceTarget::Kind::Record);
  for (const char* text : {"", "x", "-1", "3 ", "event:", "fill:3", "event:1:2", "99999999999999999999999"})
    EXPECT_FALSE(parse_target(text)) << text;
}

TEST(Trace, OfEveryEnforcementHasItsEventEveryRuleTheDecisionAndWhatCameOfIt) {
  const auto decisions = recorded().decisions;
  ASSERT_GT(decisions.size(), 20U);
  std::size_t verified = 0, requests = 0, answers = 0;
  for (std::size_t i = 0; i < decisions.size(); i += 2) {
    const Decision& decision = decisions[i];
    SCOPED_TRACE(decision.id.value());
    const auto told = trace(kJournal, {TraceTarget::Kind::Enforcement, decision.id.value()});
    ASSERT_TRUE(told) << told.error().message;
    EXPECT_EQ(told->moment.event, decision.trigger_sequence);
    EXPECT_EQ(told->moment.at, decision.at);
    EXPECT_THAT(told->moment.decided, Not(IsEmpty()));
    const AccountStand* stand = stand_of(told->moment, decision.account);
    ASSERT_NE(stand, nullptr);
    EXPECT_GT(stand->rules.size(), 10U);
    for (const RuleStand& rule : stand->rules) EXPECT_NE(rule.limit + rule.value, "") << rule.rule;
    for (const Violation& violation : decision.violations) {
      const RuleStand* rule = rule_of(*stand, violation.rule);
      EXPECT_TRUE(rule == nullptr || !rule->broken.empty()) << violation.rule;
    }
    ASSERT_THAT(told->enforced, SizeIs(1));
    EXPECT_EQ(told->enforced[0].id, decision.id);
    EXPECT_THAT(told->enforced[0].records.front().text, StartsWith("DECIDED "));
    verified += told->enforced[0].verified_at.has_value() ? 1U : 0U;
    for (const RecordWords& record : told->enforced[0].records) {
      requests += record.text.starts_with("SENT ") ? 1U : 0U;
      answers += record.text.starts_with("ANSWERED ") ? 1U : 0U;
    }
  }
  EXPECT_GT(verified, 10U);
  EXPECT_GT(requests, 25U);
  EXPECT_GE(requests, answers);
  EXPECT_GT(answers, 25U);
}

// "12" of "… (request 12)" and "ANSWERED request 12, …".
std::string request_of(const RecordWords& words) {
  return std::to_string(Json::parse(words.json).at("request").get<std::uint64_t>());
}

TEST(Trace, SaysWhichAnswerIsToWhichRequestAndWhenThatLeft) {
  std::size_t answers = 0, later = 0;
  for (const Decision& decision : recorded().decisions) {
    const auto told = trace(kJournal, {TraceTarget::Kind::Enforcement, decision.id.value()}).value();
    std::map<std::string, const RecordWords*> sent;
    for (const RecordWords& record : told.enforced.at(0).records) {
      if (record.text.starts_with("SENT ")) {
        EXPECT_THAT(record.text, EndsWith(" (request " + request_of(record) + ")"));
        sent[request_of(record)] = &record;
      }
      if (!record.text.starts_with("ANSWERED ")) continue;
      const RecordWords& request = *sent.at(request_of(record));
      const std::string what = request.text.substr(5, request.text.find(" (request") - 5);
      EXPECT_THAT(record.text, StartsWith("ANSWERED request " + request_of(record) + ", " + what + ": "));
      const Json reply = Json::parse(record.json);
      if (reply.at("round_trip_us").is_null()) continue;  // it never left
      EXPECT_EQ(format_timestamp(*request.at), reply.at("requested_at"));
      ++answers;
      later += format_timestamp(*request.at) != Json::parse(request.json).at("at") ? 1U : 0U;
    }
  }
  EXPECT_GT(answers, 50U);
  EXPECT_GT(later, 10U) << "all left at the time of their event: the test shows nothing";
}

TEST(Trace, OfAnEnforcementThatAskedNothingSaysWhoseReadsShowedItsGoal) {
  std::size_t looked = 0;
  for (const Decision& decision : recorded().decisions) {
    const auto told = trace(kJournal, {TraceTarget::Kind::Enforcement, decision.id.value()}).value();
    const auto& records = told.enforced.at(0).records;
    const auto starts_with = [&](const char* word) {
      return std::ranges::find_if(records, [&](const RecordWords& r) { return r.text.starts_with(word); });
    };
    const auto verified = starts_with("VERIFIED ");
    if (verified == records.end()) continue;
    const bool asked = starts_with("SENT ") != records.end();
    EXPECT_EQ(verified->text.find("(as read for enforcement ") == std::string::npos, asked) << verified->text;
    looked += asked ? 0U : 1U;
  }
  EXPECT_GT(looked, 0U) << "none in the journal: the test shows nothing";
}

TEST(Trace, OfARuleThatIsBrokenShowsItBeyondItsLimit) {
  std::size_t looked = 0;
  for (const Decision& decision : recorded().decisions) {
    for (const Violation& violation : decision.violations) {
      const auto* reason = std::get_if<SizeAboveMax>(&violation.reason);
      if (reason == nullptr) continue;
      const auto told = trace(kJournal, {TraceTarget::Kind::Enforcement, decision.id.value()}).value();
      const RuleStand* rule = rule_of(*stand_of(told.moment, decision.account), violation.rule);
      ASSERT_NE(rule, nullptr);
      EXPECT_EQ(rule->value, std::to_string(reason->held.value()));
      EXPECT_THAT(rule->limit, StartsWith(std::to_string(reason->allowed.value())));
      EXPECT_GT(rule->used_percent, 100);
      EXPECT_EQ(rule->margin, std::to_string(reason->held.value() - reason->allowed.value()) + " beyond");
      ++looked;
    }
  }
  EXPECT_GT(looked, 0U) << "no size in the journal: the test shows nothing";
}

TEST(Trace, OfAnyEventSaysHowItStood) {
  const auto all = recorded();
  for (std::size_t i = 0; i < all.records.size(); i += 197) {
    const auto told = trace(kJournal, {TraceTarget::Kind::Record, all.records[i]});
    ASSERT_TRUE(told) << told.error().message;
    EXPECT_EQ(told->moment.record, all.records[i]);
    EXPECT_NE(told->moment.text, "");
  }
  const Decision& last = all.decisions.back();
  const auto by_number = trace(kJournal, {TraceTarget::Kind::Event, last.trigger_sequence});
  ASSERT_TRUE(by_number) << by_number.error().message;
  EXPECT_EQ(by_number->moment.run, 3U);  // the newest run that has one of that number
  EXPECT_THAT(by_number->enforced, Contains(testing::Field(&Enforced::id, last.id)));
}

TEST(Why, AtADecisionIsThatDecision) {
  const auto decisions = recorded().decisions;
  for (std::size_t i = 1; i < decisions.size(); i += 3) {
    const Decision& decision = decisions[i];
    const auto told = why(kJournal, decision.account, decision.at);
    ASSERT_TRUE(told) << told.error().message;
    ASSERT_TRUE(told->enforced);
    EXPECT_LE(told->enforced->at, decision.at);
    EXPECT_EQ(told->enforced->account, decision.account);
    EXPECT_GE(told->enforced->id, decision.id);
    ASSERT_THAT(told->moment.accounts, SizeIs(1));
    ASSERT_TRUE(told->at_decision);
    EXPECT_EQ(told->at_decision->at, told->enforced->at);
  }
}

TEST(Why, BehindTheEndOfTheJournalSaysWhereThatIs) {
  const auto told = why(kJournal, {}, parse_timestamp("2099-01-01T00:00:00Z").value()).value();
  EXPECT_THAT(told.notes, Contains(HasSubstr("the journal ends at " + format_timestamp(told.moment.at))));
  EXPECT_THAT(why(kJournal, {}, told.moment.at)->notes, Not(Contains(HasSubstr("the journal ends"))));
}

TEST(Why, BeforeTheFirstDecisionSaysHowFarEachRuleWas) {
  const Decision first = recorded().decisions.front();
  const auto told = why(kJournal, first.account, first.at - std::chrono::milliseconds{1});
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_FALSE(told->enforced);
  EXPECT_LT(told->moment.at, first.at);
  std::ostringstream out, err;
  EXPECT_EQ(why_command(kJournal, std::to_string(first.account.value()),
                        format_timestamp(first.at - std::chrono::milliseconds{1}), false, out, err),
            0);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("until then nothing was decided"), HasSubstr(" left)")));
}

class TraceCommand : public testing::Test {
 protected:
  int trace_it(const fs::path& dir, const std::string& what, bool json = false) {
    return forget(), trace_command(dir, what, json, out_, err_);
  }
  int why_it(const fs::path& dir, const std::string& account = {}, const std::string& at = {}, bool json = false) {
    const auto given = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional{text}; };
    return forget(), why_command(dir, given(account), given(at), json, out_, err_);
  }
  void forget() {
    out_.str({});
    err_.str({});
  }
  void expect_one_sentence(const std::string& part) {
    expect_doubt(part);
    EXPECT_EQ(out_.str(), "");
  }
  void expect_doubt(const std::string& part) {  // beside what is told
    EXPECT_THAT(err_.str(), AllOf(StartsWith("risk-manager: "), HasSubstr(part)));
    EXPECT_EQ(std::ranges::count(err_.str(), '\n'), 1) << err_.str();
  }
  // A copy that a store has opened since: it is chained, and has a database.
  void copy_and_chain() {
    for (const SegmentFile& file : list_segments(kJournal))
      fs::copy_file(file.path, dir_.path() / file.path.filename());
    const samples::OpenStore desk{dir_.path()};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
  }
  TempDir dir_;
  std::ostringstream out_, err_;
};

TEST_F(TraceCommand, TellsAnEnforcementInWords) {
  const Decision first = recorded().decisions.front();
  ASSERT_EQ(trace_it(kJournal, std::to_string(first.id.value())), 0) << err_.str();
  EXPECT_THAT(out_.str(),
              AllOf(HasSubstr("note: the journal has no chain of hashes"), HasSubstr("  event "),
                    HasSubstr("  result    net "), HasSubstr("  rule      max_contracts "), HasSubstr("BROKEN: "),
                    HasSubstr("  DECIDED "), HasSubstr("  SENT "), HasSubstr("  ANSWERED request "),
                    HasSubstr("  VERIFIED "), HasSubstr("verified at the broker")));
}

TEST_F(TraceCommand, TellsTheSameAsJson) {
  const Decision first = recorded().decisions.front();
  ASSERT_EQ(trace_it(kJournal, std::to_string(first.id.value()), true), 0) << err_.str();
  const Json told = Json::parse(out_.str());
  EXPECT_EQ(told.at("moment").at("event"), first.trigger_sequence);
  EXPECT_GT(told.at("moment").at("accounts").at(0).at("rules").size(), 10U);
  EXPECT_EQ(told.at("enforcements").at(0).at("enforcement"), first.id.value());
  EXPECT_EQ(told.at("enforcements").at(0).at("records").at(0).at("type"), "decision");
  ASSERT_EQ(why_it(kJournal, std::to_string(first.account.value()), format_timestamp(first.at), true), 0)
      << err_.str();
  const Json why = Json::parse(out_.str());
  EXPECT_EQ(why.at("latest_enforcement").at("account"), first.account.value());
  EXPECT_EQ(why.at("asked"), format_timestamp(first.at));
}

TEST_F(TraceCommand, WhyNamesTheLockOrTheNearestRule) {
  ASSERT_EQ(why_it(kJournal), 0) << err_.str();
  EXPECT_THAT(out_.str(),
              AllOf(HasSubstr("account 26001234: it is locked: "), HasSubstr("the latest decision, at 20"),
                    HasSubstr("account 26001235: nothing is closed: no rule finds anything broken"),
                    HasSubstr("at the end of the journal")));
}

TEST_F(TraceCommand, VerifyingAJournalWithoutAChainSaysThatItCannotBeDone) {
  EXPECT_EQ(verify_journal_command(kJournal, {}, out_, err_), 1);
  expect_one_sentence("cannot be verified: it has no chain of hashes");
}

TEST_F(TraceCommand, OnAChainedJournalHasNoNote) {
  copy_and_chain();
  ASSERT_EQ(trace_it(dir_.path(), "1"), 0) << err_.str();
  EXPECT_THAT(out_.str(), Not(HasSubstr("note:")));
}

TEST_F(TraceCommand, RefusesWhatIsNotThere) {
  EXPECT_EQ(trace_it(kJournal, "4711"), 1);
  expect_one_sentence("in the journal of " + kJournal.string() +
                      " there is no enforcement 4711: it has the enforcements 1 to");
  EXPECT_EQ(trace_it(kJournal, "event:999999"), 1);
  expect_one_sentence("there is no event 999999: ");
  EXPECT_EQ(trace_it(kJournal, "record:999999"), 1);
  expect_one_sentence("there is no event in record 999999: ");
  EXPECT_EQ(trace_it(kJournal, "fill:3"), 1);
  expect_one_sentence("trace: found 'fill:3', allowed is");
  EXPECT_EQ(why_it(kJournal, "1"), 1);
  expect_one_sentence("account 1 is not in the journal of");
  EXPECT_EQ(why_it(kJournal, "one"), 1);
  expect_one_sentence("--account: found 'one'");
  forget();
  EXPECT_EQ(why_command(kJournal, "", {}, false, out_, err_), 1);
  expect_one_sentence("--account: found '', allowed is the number of an account");
  forget();
  EXPECT_EQ(why_command(kJournal, {}, "", false, out_, err_), 1);
  expect_one_sentence("--at: found '', allowed is a time");
  EXPECT_EQ(why_it(kJournal, "", "noon"), 1);
  expect_one_sentence("--at: found 'noon'");
  EXPECT_EQ(why_it(kJournal, "", "2001-01-01T00:00:00Z"), 1);
  expect_one_sentence("has nothing until 2001-01-01T00:00:00Z: it goes from 20");
}

TEST_F(TraceCommand, RefusesAJournalThatIsNotWhatWasWritten) {
  copy_and_chain();
  OpenedSegment first{dir_.path(), 1};
  const auto changed = std::ranges::find(first.records, RecordType::Event, &OpenedSegment::Record::type);
  changed->payload.back() ^= std::byte{1};
  first.write();  // with a checksum that fits: only the chain knows
  EXPECT_EQ(trace_it(dir_.path(), "1"), 1);
  expect_one_sentence("is NOT what was written, and explains nothing: record " + std::to_string(changed->sequence) +
                      " (event");
  EXPECT_EQ(why_it(dir_.path()), 1);
  expect_one_sentence("is NOT what was written");
}

TEST_F(TraceCommand, SaysThatNothingVouchesForWhatCannotBeVerified) {
  copy_and_chain();
  fs::remove(dir_.path() / "risk-manager.db");
  std::ofstream{dir_.path() / "risk-manager.db"} << "this is no database, however long one looks at it";
  ASSERT_EQ(trace_it(dir_.path(), "1"), 0);
  expect_doubt("nothing vouches for the journal in " + dir_.path().string() + ": database ");
  EXPECT_THAT(out_.str(), HasSubstr("  DECIDED "));
  ASSERT_EQ(why_it(dir_.path()), 0);
  expect_doubt("nothing vouches for the journal in ");
  fs::remove(dir_.path() / "risk-manager.db");
  fs::create_directory(dir_.path() / "risk-manager.db");
  ASSERT_EQ(why_it(dir_.path()), 0);
  expect_doubt("it is not an ordinary file");
  fs::remove(dir_.path() / "risk-manager.db");
  const auto chain = chain_file(dir_.path(), 2);
  fs::remove(chain);
  fs::create_directory(chain);
  ASSERT_EQ(trace_it(dir_.path(), "1"), 0);
  expect_doubt("chain cannot be read: it is not an ordinary file");
}

TEST_F(TraceCommand, SaysInJsonTooThatNothingVouchesForIt) {
  copy_and_chain();
  ASSERT_EQ(trace_it(dir_.path(), "1", true), 0);
  EXPECT_EQ(Json::parse(out_.str()).at("doubt"), nullptr);
  fs::remove(dir_.path() / "risk-manager.db");
  fs::create_directory(dir_.path() / "risk-manager.db");
  ASSERT_EQ(trace_it(dir_.path(), "1", true), 0);
  EXPECT_THAT(Json::parse(out_.str()).at("doubt").get<std::string>(), HasSubstr("it is not an ordinary file"));
  ASSERT_EQ(why_it(dir_.path(), {}, {}, true), 0);
  EXPECT_THAT(Json::parse(out_.str()).at("doubt").get<std::string>(), HasSubstr("it is not an ordinary file"));
}

TEST_F(TraceCommand, OfABundleIsToldByItsFolder) {
  copy_and_chain();
  const TempDir elsewhere;
  const fs::path bundle = elsewhere.path() / "case";
  ASSERT_EQ(export_journal_command(dir_.path(), bundle, {}, {}, out_, err_), 0) << err_.str();
  ASSERT_EQ(trace_it(bundle, "1"), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("  DECIDED "));
  ASSERT_EQ(why_it(bundle), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("it is locked: "));
  forget();
  ASSERT_EQ(replay_command(bundle, {}, {}, out_, err_), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("identical: "));
  std::ofstream{bundle / "records.jsonl", std::ios::app} << "{}\n";
  EXPECT_EQ(trace_it(bundle, "1"), 1);
  expect_one_sentence("records.jsonl is not what SHA256SUMS of the bundle lists");
}

TEST_F(TraceCommand, SaysWhatARecordIsThatIsNoEvent) {
  copy_and_chain();
  const auto kind_of = [&](RecordType type) {
    std::uint64_t number = 0;
    EXPECT_TRUE(read_journal(dir_.path(), 0, [&](const JournalRecord& record) {
      if (number == 0 && record.type == type) number = record.sequence;
    }));
    return number;
  };
  EXPECT_EQ(trace_it(dir_.path(), "record:" + std::to_string(kind_of(RecordType::Reply))), 1);
  expect_one_sentence("it is a record of another kind (reply)");
  EXPECT_EQ(trace_it(dir_.path(), "record:999999"), 1);
  expect_one_sentence("there is no event in record 999999: it has the records 1 to ");
}

TEST_F(TraceCommand, ReplayVerifiesFirst) {
  copy_and_chain();
  const auto replay = [&] {
    out_.str({});
    err_.str({});
    return replay_command(dir_.path(), {}, {}, out_, err_);
  };
  ASSERT_EQ(replay(), 0) << err_.str();
  EXPECT_EQ(err_.str(), "");
  EXPECT_THAT(out_.str(), Not(HasSubstr("note:")));
  const TempDir whole;
  fs::copy(dir_.path(), whole.path(), fs::copy_options::recursive);
  const auto last = list_chains(dir_.path()).back();
  fs::remove(chain_file(dir_.path(), last));
  fs::remove(segment_file(dir_.path(), last));
  EXPECT_EQ(replay(), 1);
  expect_doubt("is NOT what was written, and shows nothing: record");
  fs::remove(dir_.path() / "risk-manager.db");
  EXPECT_EQ(replay(), 0);
  EXPECT_THAT(out_.str(), HasSubstr("note: there is no database beside it that knows the end"));
  fs::create_directory(dir_.path() / "risk-manager.db");
  EXPECT_EQ(replay(), 0);
  expect_doubt("nothing vouches for the journal in ");
}

TEST_F(TraceCommand, RefusesATruncatedJournalWithoutAChainToo) {
  for (const SegmentFile& file : list_segments(kJournal))
    fs::copy_file(file.path, dir_.path() / file.path.filename());
  const auto last = list_segments(dir_.path()).back().path;
  fs::resize_file(last, fs::file_size(last) - 10);
  EXPECT_EQ(trace_it(dir_.path(), "1"), 1);
  expect_one_sentence("it was cut");
}

TEST_F(TraceCommand, RefusesAFolderWithoutAJournalAndOneThatCannotBeRead) {
  EXPECT_EQ(trace_it(dir_.path(), "1"), 1);
  expect_one_sentence("holds no journal");
  EXPECT_EQ(why_it(dir_.path() / "none"), 1);
  expect_one_sentence("does not exist");
  copy_and_chain();
  fs::permissions(dir_.path(), fs::perms::none);
  {
    const test::AsNobody nobody;
    EXPECT_EQ(trace_it(dir_.path(), "1"), 1);
  }
  fs::permissions(dir_.path(), fs::perms::owner_all);
  expect_one_sentence("Permission denied");
}

}  // namespace
}  // namespace rm
