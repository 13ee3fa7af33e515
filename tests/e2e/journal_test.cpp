// What the built program says of the journal of a daemon that runs, was stopped or was killed.

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class JournalOfADaemon : public EndToEnd {
 protected:
  struct Said {
    int exit_code = -1;
    std::string out, err;
  };
  Said say(const std::vector<std::string>& arguments) {
    const TempDir dir;
    ProcessOptions options;
    options.argv = {RM_DAEMON_PROGRAM};
    options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
    options.out = dir.path() / "out";
    options.err = dir.path() / "err";
    const auto ended = Process{options}.wait();
    return {ended ? ended->exit_code : -1, read_text(options.out), read_text(options.err)};
  }
  [[nodiscard]] std::string data() const { return daemon_->data_dir().string(); }
  [[nodiscard]] std::string head() const { return daemon_->logged("journal_head").back().at("head"); }

  TempDir elsewhere_;
};

TEST_F(JournalOfADaemon, VerifiesAndTellsWhyWhileItRuns) {
  guard();
  lose_the_day_and_be_locked();
  EXPECT_TRUE(eventually([&] { return !daemon().logged("journal_head").empty(); }));
  const auto verified = say({"journal", "verify", data(), "--head", head()});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("nothing was changed, taken out, put in or moved"));

  const auto why = say({"why", "--data-dir", data(), "--account", std::to_string(kAccount)});
  EXPECT_EQ(why.exit_code, 0) << why.err;
  EXPECT_THAT(why.out, AllOf(HasSubstr("it is locked: hard lock of the account until "),
                             HasSubstr("daily_loss: the day's result -"), HasSubstr("SENT closeContract MNQU6"),
                             HasSubstr("VERIFIED the broker shows the goal of daily_loss")));
  const std::string id = daemon().logged("decision").back().at("enforcement").dump();
  const auto trace = say({"trace", id, data(), "--json"});
  EXPECT_EQ(trace.exit_code, 0) << trace.err;
  const Json told = Json::parse(trace.out);
  EXPECT_THAT(told.at("enforcements"), SizeIs(1));
  EXPECT_TRUE(daemon().running());
  EXPECT_EQ(daemon().terminate().exit_code, 0);
  EXPECT_EQ(say({"journal", "verify", data(), "--head", head()}).exit_code, 0);
}

TEST_F(JournalOfADaemon, OfTwoFoldersTellsNothing) {
  guard();
  for (const std::vector<std::string>& arguments : std::initializer_list<std::vector<std::string>>{
           {"trace", "1", data(), "--data-dir", elsewhere_.path().string()},
           {"why", data(), "--data-dir", elsewhere_.path().string()}}) {
    const auto said = say(arguments);
    EXPECT_EQ(said.exit_code, 1) << arguments.front();
    EXPECT_EQ(std::ranges::count(said.err, '\n'), 1) << said.err;
    EXPECT_EQ(said.out, "") << arguments.back();
    EXPECT_THAT(said.err, HasSubstr("allowed is one folder: "));
  }
}

// What `status` prints, for a person.
TEST_F(JournalOfADaemon, HasTheRulesAndEnforcementsThatStatusPrintsInWords) {
  guard();
  lose_the_day_and_be_locked();
  const auto status = say({"status", "--data-dir", data()});
  EXPECT_EQ(status.exit_code, 0) << status.err;
  EXPECT_THAT(
      status.out,
      AllOf(ContainsRegex("  enforcement  #[0-9]+ verified, for [a-z_, ]*daily_loss[a-z_, ]*, request out after"),
            Not(HasSubstr("[\""))));
}

// The gateway sends the opening fill once more when the position closes, however soon that is.
TEST_F(JournalOfADaemon, SaysOfAFillThatIsSentAgainThatItIs) {
  guard();
  paper().buy(kAccount, "MNQ", 2);
  paper().sell(kAccount, "MNQ", 2);
  const auto lines = [&](bool again) {
    std::vector<std::string> trades;
    for (const Json& line : daemon().logged("event")) {
      if (line.value("kind", "") != "trade" || !line.at("message").get<std::string>().starts_with("trade buy"))
        continue;
      if (line.at("message").get<std::string>().ends_with(" (sent again)") == again)
        trades.push_back(line.at("trade").dump());
    }
    return trades;
  };
  ASSERT_TRUE(eventually([&] { return lines(false).size() + lines(true).size() == 2; }));
  EXPECT_THAT(lines(false), SizeIs(1));
  EXPECT_EQ(lines(false), lines(true));
}

TEST_F(JournalOfADaemon, IsChainedAgainAfterAKillAndTheNextStartSaysSo) {
  guard();
  paper().buy(kAccount, "MNQ", 6);
  ASSERT_TRUE(eventually([&] { return daemon().verified(kAccount, "max_contracts"); }));
  daemon().kill_hard();
  EXPECT_EQ(say({"journal", "verify", data()}).exit_code, 0);
  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting());
  EXPECT_EQ(daemon().terminate().exit_code, 0);
  const auto verified = say({"journal", "verify", data()});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_THAT(verified.out, AllOf(HasSubstr(" in 2 files, "), Not(HasSubstr("not chained yet"))));
}

TEST_F(JournalOfADaemon, ThatWasChangedWhileItWasStoppedIsSaidAtTheNextStartAndItGuardsAllTheSame) {
  guard();
  lose_the_day_and_be_locked();
  EXPECT_EQ(daemon().terminate().exit_code, 0);
  const fs::path segment = daemon().data_dir() / "journal-000000000001.seg";
  fs::copy_file(segment, elsewhere_.path() / "as it was");
  fs::resize_file(segment, fs::file_size(segment) - 64);
  fs::remove(daemon().data_dir() / "journal-000000000001.chain");
  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting());
  EXPECT_TRUE(daemon().locked(kAccount, "daily_loss"));
  EXPECT_THAT(daemon().logged("journal_chain").back().at("message").get<std::string>(),
              HasSubstr("does not lead to the head of its chain that the database keeps"));
  EXPECT_EQ(daemon().terminate().exit_code, 0);
  replays_ = false;
  const auto verified = say({"journal", "verify", data()});
  EXPECT_EQ(verified.exit_code, 1);
  EXPECT_THAT(verified.err, HasSubstr("is NOT what was written: "));
  // For the replay that ends every test here.
  fs::copy_file(elsewhere_.path() / "as it was", segment, fs::copy_options::overwrite_existing);
}

// Where the records of a journal file begin, and where the last one ends.
std::vector<std::size_t> borders(const std::string& bytes) {
  std::vector<std::size_t> at{16};
  while (at.back() + 24 <= bytes.size()) {
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + at.back(), sizeof length);
    if (length == 0) break;
    at.push_back(at.back() + 24 + (length - 1 + 7) / 8 * 8);
  }
  return at;
}

TEST_F(JournalOfADaemon, ThatLostItsEndOrAFileOrHasARecordChangedIsSaidAsAnErrorByTheNextStart) {
  guard();
  lose_the_day_and_be_locked();
  EXPECT_EQ(daemon().terminate().exit_code, 0);
  daemon().start_again();
  ASSERT_TRUE(daemon().wait_protecting());
  EXPECT_EQ(daemon().terminate().exit_code, 0);
  EXPECT_TRUE(daemon().logged("journal_chain").empty());
  const fs::path first = daemon().data_dir() / "journal-000000000001.seg", as_it_was = elsewhere_.path() / "first";
  fs::copy_file(first, as_it_was);
  const std::string bytes = read_text(first);
  const auto records = borders(bytes);
  ASSERT_GT(records.size(), 20U);
  std::string changed = bytes;
  changed[records[10] + 30] ^= 1;
  struct Case {
    std::string left, said;  // no bytes: the file is gone
  };
  const std::vector<Case> cases{
      {bytes.substr(0, records[records.size() - 3]), "was cut off"},
      {bytes.substr(0, records.back() - 10), "in the middle of a record"},
      {{}, "journal-000000000001.seg is gone"},
      {changed, "record 11 "},
  };
  replays_ = false;
  std::size_t said = 0;
  for (const Case& one : cases) {
    SCOPED_TRACE(one.said);
    if (one.left.empty()) {
      fs::remove(first);
    } else {
      std::ofstream{first, std::ios::binary | std::ios::trunc} << one.left;
    }
    daemon().start_again();
    ASSERT_TRUE(daemon().wait_protecting());
    EXPECT_TRUE(daemon().locked(kAccount, "daily_loss"));
    ASSERT_TRUE(eventually([&] { return daemon().logged("journal_chain").size() > said; }));
    const Json line = daemon().logged("journal_chain").back();
    said = daemon().logged("journal_chain").size();
    EXPECT_EQ(line.at("level"), "error");
    EXPECT_THAT(line.at("message").get<std::string>(),
                AllOf(HasSubstr("the journal is NOT what was written: "), HasSubstr(one.said)));
    EXPECT_EQ(daemon().terminate().exit_code, 0);
    const auto replayed = say({"replay", data()});
    EXPECT_EQ(replayed.exit_code, 1);
    EXPECT_THAT(replayed.err, HasSubstr("is NOT what was written, and shows nothing: "));
    fs::copy_file(as_it_was, first, fs::copy_options::overwrite_existing);
  }
  const auto verified = say({"journal", "verify", "--head", head(), data()});  // the folder behind the head
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("the given head fits: " + head()));
}

TEST_F(JournalOfADaemon, OfAStartThatFailedHasNoHead) {
  launch(kTwoRules, {{"PROJECT_X_API_KEY", "wrong-key"}});
  EXPECT_EQ(daemon().wait_end().exit_code, 1);
  EXPECT_EQ(daemon().logged("stopped").size(), 1U);
  for (const Json& line : daemon().logged("journal_head")) EXPECT_GT(line.at("sequence"), 0) << line;
}

TEST_F(JournalOfADaemon, IsExportedWithoutASecretOfTheConfigurationOrTheLogin) {
  constexpr const char* kKey = "Kx7-never-to-be-seen-4Qz";
  start_paper({"--api-key", kKey});
  guard(std::string{kTwoRules} + "notify: {command: [/bin/true, https://hooks.example/NEVER-SEEN-TOKEN]}\n",
        {{"PROJECT_X_API_KEY", kKey}});
  lose_the_day_and_be_locked();
  const fs::path bundle = elsewhere_.path() / "bundle";
  const auto exported = say({"journal", "export", data(), "--to", bundle.string()});  // beside the daemon
  EXPECT_EQ(exported.exit_code, 0) << exported.err;
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator{bundle}) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const std::string text = read_text(entry.path());
    for (const char* secret : {kKey, "NEVER-SEEN-TOKEN", "eyJ"})
      EXPECT_EQ(text.find(secret), std::string::npos) << secret << " is in " << entry.path();
  }
  EXPECT_GT(files, 5U);
  EXPECT_THAT(read_text(bundle / "records.jsonl"), HasSubstr("DECIDED flatten the account"));
  EXPECT_EQ(say({"journal", "verify", (bundle / "journal").string()}).exit_code, 0);
  const auto why = say({"why", (bundle / "journal").string()});
  EXPECT_EQ(why.exit_code, 0) << why.err;
  EXPECT_THAT(why.out, HasSubstr("daily_loss: the day's result -"));
}

}  // namespace
}  // namespace rm::test
