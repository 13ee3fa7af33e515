// `journal verify` and `journal export` as a person sees them.

#include "cli/journal_command.h"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "unit/store/desk.h"
#include "unit/store/tampering.h"

namespace rm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using samples::at;
using samples::OpenedSegment;
using samples::OpenStore;
using samples::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kWithToken =
    "rules: {daily_loss: {enabled: true, max_loss: -500}}\nnotify: {command: [/usr/bin/curl, "
    "\"https://hooks.example/SECRET-TOKEN\"]}\n";
constexpr const char* kPlain = "rules: {daily_loss: {enabled: true, max_loss: -500}}\n";

std::string text_of_file(const fs::path& file) {
  if (!fs::is_regular_file(file)) return {};
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

class JournalCommand : public testing::Test {
 protected:
  void write_journal(const std::string& yaml = kPlain) {
    StoreOptions options;
    options.segment_bytes = 8 << 10;
    OpenStore desk{dir(), std::move(options)};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
    desk->record_config(at(0), at(86'400), yaml);
    for (int i = 0; i < 60; ++i) {
      while (desk->record_note("day", std::string(300, 'x'), at(i)) == 0) {
      }
      if (i % 16 == 15) (void)desk->flush(std::chrono::seconds{20});
    }
    desk->record_decision(samples::decision(5, desk.contracts));
    desk->record_receipt(samples::receipt(5, desk.contracts));
    desk->close();
    head_ = text_of(desk->chain_tip());
  }
  int verify(const fs::path& where, const std::vector<std::string>& heads = {}) {
    return forget(), verify_journal_command(where, heads, out_, err_);
  }
  int export_to(const fs::path& to, const std::string& from = {}, const std::string& to_time = {}) {
    return forget(), export_journal_command(dir(), to, from, to_time, out_, err_);
  }
  void forget() {
    out_.str({});
    err_.str({});
  }
  void expect_one_sentence(const std::string& part) {
    EXPECT_THAT(err_.str(), AllOf(StartsWith("risk-manager: "), HasSubstr(part)));
    EXPECT_EQ(std::ranges::count(err_.str(), '\n'), 1) << err_.str();
  }
  [[nodiscard]] fs::path dir() const { return dir_.path(); }
  [[nodiscard]] fs::path bundle() const { return elsewhere_.path() / "bundle"; }

  TempDir dir_, elsewhere_;
  std::string head_;
  std::ostringstream out_, err_;
};

TEST_F(JournalCommand, VerifySaysWhatItLookedAtAndTheHead) {
  write_journal();
  EXPECT_EQ(verify(dir()), 0);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr(": 63 records in "), HasSubstr("nothing was changed"),
                                HasSubstr("head " + head_ + "\n"), Not(HasSubstr("note:"))));
  EXPECT_EQ(err_.str(), "");
  EXPECT_EQ(verify(dir(), {head_}), 0);
}

TEST_F(JournalCommand, VerifyNamesWhatDoesNotFitAndFails) {
  write_journal();
  OpenedSegment second{dir(), 2};
  second.records[3].payload.back() ^= std::byte{1};
  second.write();
  EXPECT_EQ(verify(dir()), 1);
  expect_one_sentence("is NOT what was written: record " + std::to_string(second.records[3].sequence) + " (note, 20");
}

TEST_F(JournalCommand, VerifyRefusesAHeadThatIsNoneAndADirectoryWithoutAJournal) {
  write_journal();
  EXPECT_EQ(verify(dir(), {"4711"}), 1);
  expect_one_sentence("--head: found '4711', not a chain head");
  EXPECT_EQ(verify(dir(), {"1" + head_.substr(head_.find(':'))}), 1);
  expect_one_sentence("it was written anew");
  EXPECT_EQ(verify(elsewhere_.path()), 1);
  expect_one_sentence("there is no journal in");
  EXPECT_EQ(verify(elsewhere_.path() / "none"), 1);
  expect_one_sentence("cannot be read");
}

TEST_F(JournalCommand, AnExportHoldsTheJournalInWordsAndAsItIs) {
  write_journal();
  ASSERT_EQ(export_to(bundle()), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr(": 63 records in words, "));
  std::istringstream lines{text_of_file(bundle() / "records.jsonl")};
  std::vector<Json> records;
  for (std::string line; std::getline(lines, line);) records.push_back(Json::parse(line));
  ASSERT_EQ(records.size(), 63U);
  EXPECT_THAT(records[61].at("words").get<std::string>(), HasSubstr("DECIDED flatten the account"));
  EXPECT_EQ(records[62].at("type"), "receipt");
  EXPECT_THAT(text_of_file(bundle() / "configuration-1.yaml"), HasSubstr("max_loss: -500"));
  EXPECT_EQ(Json::parse(text_of_file(bundle() / "chain.json")).at("verified_before_the_export").at("head"), head_);
  EXPECT_THAT(Json::parse(text_of_file(bundle() / "versions.json")).at("exported_by").get<std::string>(),
              StartsWith("risk-manager "));
  for (const SegmentFile& file : list_segments(dir()))
    EXPECT_EQ(text_of_file(file.path), text_of_file(segment_file(bundle() / "journal", file.number)));
  EXPECT_EQ(verify(bundle() / "journal", {head_}), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("note: there is no database beside it"));
}

TEST_F(JournalCommand, AnExportListsTheSumOfEachOfItsFiles) {
  write_journal();
  ASSERT_EQ(export_to(bundle()), 0);
  std::istringstream lines{text_of_file(bundle() / "SHA256SUMS")};
  std::size_t files = 0;
  Sha256Maker hash;
  for (std::string line; std::getline(lines, line); ++files) {
    const std::string bytes = text_of_file(bundle() / line.substr(66));
    EXPECT_EQ(line.substr(0, 64), hex(hash(std::as_bytes(std::span{bytes})))) << line;
  }
  EXPECT_GT(files, 8U);
}

TEST_F(JournalCommand, AnExportOfSomeTimeHasTheFilesAroundItAndTheConfigurationOfThen) {
  write_journal();
  ASSERT_EQ(export_to(bundle(), format_timestamp(at(40)), format_timestamp(at(45))), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr(": 6 records in words, "));
  EXPECT_LT(list_segments(bundle() / "journal").size(), list_segments(dir()).size());
  EXPECT_TRUE(fs::exists(bundle() / "configuration-1.yaml"));
  EXPECT_EQ(verify(bundle() / "journal"), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("are not here, and nothing is said of them"));
}

TEST_F(JournalCommand, AnExportHasNoSecretAndStillVerifies) {
  write_journal(kWithToken);
  ASSERT_EQ(export_to(bundle()), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("1 record with the arguments of notify.command withheld"));
  for (const auto& entry : fs::recursive_directory_iterator{bundle()})
    EXPECT_EQ(text_of_file(entry.path()).find("SECRET-TOKEN"), std::string::npos) << entry.path();
  EXPECT_THAT(text_of_file(bundle() / "configuration-1.yaml"), HasSubstr("/usr/bin/curl"));
  EXPECT_EQ(verify(bundle() / "journal", {head_}), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("note: 1 records with secrets in them are withheld"));
  OpenedSegment last{bundle() / "journal", list_segments(bundle() / "journal").back().number};
  last.records[0].payload.back() ^= std::byte{1};
  last.write();
  EXPECT_EQ(verify(bundle() / "journal"), 1);
}

TEST_F(JournalCommand, AnExportAsOneFileIsWhatTarUnpacks) {
  write_journal();
  const fs::path file = elsewhere_.path() / "case.tar";
  ASSERT_EQ(export_to(file), 0) << err_.str();
  EXPECT_FALSE(fs::exists(file.string() + ".part"));
  ASSERT_EQ(std::system(("tar -xf " + file.string() + " -C " + elsewhere_.path().string()).c_str()), 0);
  EXPECT_EQ(verify(elsewhere_.path() / "case" / "journal", {head_}), 0) << err_.str();
  EXPECT_EQ(
      std::system(("cd " + (elsewhere_.path() / "case").string() + " && sha256sum --quiet -c SHA256SUMS").c_str()),
      0);
}

TEST_F(JournalCommand, AnExportIsForItsOwnerOnly) {
  write_journal();
  ASSERT_EQ(export_to(bundle()), 0);
  ASSERT_EQ(export_to(elsewhere_.path() / "case.tar"), 0);
  for (const auto& file : {bundle(), elsewhere_.path() / "case.tar"})
    EXPECT_EQ(fs::status(file).permissions() & (fs::perms::group_all | fs::perms::others_all), fs::perms::none);
}

TEST_F(JournalCommand, AnExportOfAChangedJournalIsMadeAndSaysSo) {
  write_journal();
  OpenedSegment first{dir(), 1};
  first.records[3].payload.back() ^= std::byte{1};
  first.write();
  EXPECT_EQ(export_to(bundle()), 1);
  expect_one_sentence("exported, but the journal in " + dir().string() + " is NOT what was written: record 4");
  const Json chain = Json::parse(text_of_file(bundle() / "chain.json"));
  EXPECT_EQ(chain.at("verified_before_the_export").at("intact"), false);
  EXPECT_EQ(verify(bundle() / "journal"), 1);
}

TEST_F(JournalCommand, AnExportThatCannotBeMadeIsOneSentenceAndLeavesNothing) {
  write_journal();
  EXPECT_EQ(export_to(bundle(), "yesterday"), 1);
  expect_one_sentence("--from: found 'yesterday', allowed is a time such as");
  EXPECT_EQ(export_to(bundle(), {}, "12:00"), 1);
  expect_one_sentence("--to-time: found '12:00'");
  EXPECT_EQ(export_to(bundle(), "2199-01-01T00:00:00Z"), 1);
  expect_one_sentence("the journal has no record in that time");
  EXPECT_FALSE(fs::exists(bundle()));
  std::ofstream{elsewhere_.path() / "taken"} << "mine";
  EXPECT_EQ(export_to(elsewhere_.path() / "taken"), 1);
  expect_one_sentence("is there already");
  EXPECT_EQ(text_of_file(elsewhere_.path() / "taken"), "mine");
  EXPECT_EQ(export_to(elsewhere_.path() / "taken" / "below.tar"), 1);
  expect_one_sentence("cannot be made");
  EXPECT_EQ(export_journal_command(elsewhere_.path() / "none", bundle(), {}, {}, out_, err_), 1);
  EXPECT_FALSE(fs::exists(bundle()));
}

}  // namespace
}  // namespace rm
