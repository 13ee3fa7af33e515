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
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("number of records are those in chain.json of the bundle"),
                                HasSubstr("the given head fits: " + head_), Not(HasSubstr("there is no database"))));
}

TEST_F(JournalCommand, VerifyOfABundleTakesItsFolderAndRefusesItsArchive) {
  write_journal();
  ASSERT_EQ(export_to(bundle()), 0) << err_.str();
  EXPECT_EQ(verify(bundle()), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr(": 63 records in "));
  const fs::path file = elsewhere_.path() / "case.tar";
  ASSERT_EQ(export_to(file), 0) << err_.str();
  EXPECT_EQ(verify(file), 1);
  expect_one_sentence("case.tar is an archive: unpack it (tar -xf ");
  EXPECT_EQ(verify(dir() / "risk-manager.db"), 1);
  expect_one_sentence("is a file: name the data directory");
}

class Bundle : public JournalCommand {
 protected:
  void SetUp() override {
    write_journal(kWithToken);
    ASSERT_EQ(export_to(bundle()), 0) << err_.str();
    ASSERT_EQ(verify(bundle()), 0) << err_.str();
  }
  [[nodiscard]] fs::path journal() const { return bundle() / "journal"; }
  [[nodiscard]] std::uint64_t last() const { return list_segments(journal()).back().number; }
  // As everybody can.
  void sum_up() {
    ASSERT_EQ(std::system(("cd " + bundle().string() +
                           " && rm SHA256SUMS && find . -type f -printf '%P\\n' | LC_ALL=C sort > ../names && "
                           "xargs sha256sum < ../names > SHA256SUMS")
                              .c_str()),
              0);
  }
  void expect_refused(const std::string& why) {
    for (const fs::path& place : {bundle(), journal()}) {
      EXPECT_EQ(verify(place), 1) << place;
      expect_one_sentence(why);
    }
  }
};

TEST_F(Bundle, WhoseLastFileWasForgedWithItsHashesTakenAwayIsNotWhatWasExported) {
  for (const bool cut : {true, false}) {
    if (cut) {
      fs::resize_file(chain_file(journal(), last()), kChainHeaderBytes);
    } else {
      fs::remove(chain_file(journal(), last()));
    }
    sum_up();
    EXPECT_EQ(verify(bundle()), 0) << err_.str();  // every record is as it was: the head says so
    OpenedSegment forged{journal(), last()};
    forged.records.back().payload[20] ^= std::byte{1};
    forged.write();
    sum_up();
    expect_refused("exported were 63 from 1 on with the head " + head_);
    forged.records.back().payload[20] ^= std::byte{1};
    forged.records.pop_back();
    forged.write();
    sum_up();
    expect_refused("it has 62 records from 1 on");
    fs::copy_file(segment_file(dir(), last()), segment_file(journal(), last()), fs::copy_options::overwrite_existing);
  }
}

TEST_F(Bundle, FileThatIsNotAsListedIsNamed) {
  std::ofstream{bundle() / "records.jsonl", std::ios::app} << "{}\n";
  expect_refused("records.jsonl is not what SHA256SUMS of the bundle lists");
  sum_up();
  ASSERT_EQ(verify(bundle()), 0) << err_.str();
  std::ofstream{bundle() / "configuration-9.yaml"} << "rules: {}\n";
  expect_refused("configuration-9.yaml was put in: SHA256SUMS of the bundle does not list it");
  fs::remove(bundle() / "configuration-9.yaml");
  fs::remove(bundle() / "README.txt");
  expect_refused("README.txt is missing, SHA256SUMS of the bundle lists it");
  fs::remove(bundle() / "SHA256SUMS");
  expect_refused("SHA256SUMS of the bundle cannot be read");
}

TEST_F(Bundle, TheWordsInItAreSaidToBeThoseOfWhoExportedIt) {
  EXPECT_THAT(out_.str(),
              HasSubstr("note: the chain vouches for journal/ alone: records.jsonl and the configurations"));
}

TEST_F(Bundle, WhoseChainWasTakenAwayIsNotTakenForAnOlderOne) {
  for (const std::uint64_t number : list_chains(journal())) fs::remove(chain_file(journal(), number));
  expect_refused("journal-000000000001.chain is missing, SHA256SUMS of the bundle lists it");
  sum_up();
  expect_refused("its chain of hashes was taken away: chain.json says that it ended with the head " + head_);
}

TEST_F(Bundle, WithoutItsManifestCannotBeVerified) {
  for (const char* manifest : {"{}", R"({"journal": {"records": 63, "first_record": 1, "head": "x"}})", "["}) {
    std::ofstream{bundle() / "chain.json"} << manifest;
    sum_up();
    expect_refused("cannot be verified: chain.json of the bundle does not say where its journal ends");
  }
  fs::remove(bundle() / "chain.json");
  sum_up();
  expect_refused("cannot be verified: chain.json of the bundle cannot be read");
}

TEST_F(Bundle, NamesWhatIsWithheldAndAllowsNothingElse) {
  EXPECT_THAT(out_.str(), HasSubstr("note: withheld from this copy, for the secrets in it: record 1 (config); the "
                                    "chain vouches for place and type"));
  forget();
  const fs::path again = elsewhere_.path() / "again";
  EXPECT_EQ(export_journal_command(bundle(), again, {}, {}, out_, err_), 0) << err_.str();
  EXPECT_THAT(text_of_file(again / "records.jsonl"),
              AllOf(HasSubstr("\"type\":\"withheld\""), HasSubstr("for the secrets in it: a config")));
  OpenedSegment forged{journal(), last()};
  OpenedSegment::Record& receipt = forged.records.back();
  receipt.type = OpenedSegment{journal(), 1}.records.front().type;
  receipt.payload = samples::Bytes(100, std::byte{'x'});
  forged.write();
  sum_up();
  expect_refused("record 63 (withheld, of no time) was replaced by a note that does not say what it was");
}

TEST_F(Bundle, ThatWasAddedToIsNotWhatWasExported) {
  OpenedSegment forged{journal(), last()};
  forged.records.push_back(forged.records.back());
  ++forged.records.back().sequence;
  forged.write_with_chain();
  sum_up();
  expect_refused("it has 64 records from 1 on");
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
  EXPECT_THAT(out_.str(), HasSubstr("record 1 (config)"));
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

TEST_F(JournalCommand, AnExportOfALongNameKeepsTheNamesOfItsFiles) {
  write_journal();
  for (const std::size_t length : {70U, 99U, 120U, 155U, 156U, 240U}) {
    SCOPED_TRACE(length);
    const TempDir there;
    std::string name(length, 'n');
    if (length == 156U) name.replace(154, 2, "ü");  // its last byte is the one too many
    const fs::path file = there.path() / (name + ".tar");
    ASSERT_EQ(export_to(file), 0) << err_.str();
    ASSERT_EQ(std::system(("tar -xf " + file.string() + " -C " + there.path().string()).c_str()), 0);
    const fs::path folder = there.path() / name.substr(0, length == 156U ? 154 : 155);
    EXPECT_EQ(verify(folder, {head_}), 0) << err_.str();
  }
}

TEST_F(JournalCommand, AnExportToSomethingThatIsOnlyNamedLikeAnArchiveIsRefused) {
  write_journal();
  for (const char* name : {"case.tar.gz", "case.TAR", ".tar", "case.zip", "case.tgz"}) {
    EXPECT_EQ(export_to(elsewhere_.path() / name), 1) << name;
    expect_one_sentence("--to: found '");
    expect_one_sentence("allowed is a new folder, or a new file that ends in .tar, such as case.tar");
    EXPECT_FALSE(fs::exists(elsewhere_.path() / name)) << name;
  }
}

TEST_F(JournalCommand, AnExportOfSomeTimeHasTheConfigurationsOfThenAndNoOthers) {
  {
    StoreOptions options;
    options.segment_bytes = 8 << 10;
    OpenStore desk{dir(), std::move(options)};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
    for (int run = 0; run < 3; ++run) {  // records 1 to 23, 24 to 46, 47 to 69
      desk->record_run_begins({"0.1.0", at(1000 * run)});
      desk->record_note("day", "before the configuration", at(1000 * run + 1));
      desk->record_config(at(0), at(86'400), kPlain);
      for (int i = 0; i < 20; ++i) {
        while (desk->record_note("day", std::string(300, 'x'), at(1000 * run + 2 + i)) == 0) {
        }
        (void)desk->flush(std::chrono::seconds{20});
      }
    }
  }
  const auto configurations = [&] {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator{bundle()})
      if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem());
    fs::remove_all(bundle());
    return names;
  };
  ASSERT_EQ(export_to(bundle(), format_timestamp(at(1000)), format_timestamp(at(1500))), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr(": 23 records in words, "));
  EXPECT_THAT(text_of_file(bundle() / "records.jsonl"), HasSubstr("\"record\":26,\"type\":\"config\""));
  EXPECT_LT(list_segments(bundle() / "journal").size(), list_segments(dir()).size());
  EXPECT_THAT(configurations(), ::testing::ElementsAre("configuration-26"));
  ASSERT_EQ(export_to(bundle(), format_timestamp(at(1010)), format_timestamp(at(1012))), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr(": 3 records in words, "));
  EXPECT_THAT(configurations(), ::testing::ElementsAre("configuration-26"));
  ASSERT_EQ(export_to(bundle(), format_timestamp(at(1010)), format_timestamp(at(2010))), 0) << err_.str();
  EXPECT_THAT(configurations(), ::testing::UnorderedElementsAre("configuration-26", "configuration-49"));
}

TEST_F(JournalCommand, AnExportOfAJournalWhoseFilesAreGoneSaysSo) {
  write_journal();
  for (const SegmentFile& file : list_segments(dir())) fs::remove(file.path);
  EXPECT_EQ(export_to(bundle()), 1);
  expect_one_sentence("there is nothing to export in " + dir().string() + ": records 1 to ");
  for (const std::uint64_t number : list_chains(dir())) fs::remove(chain_file(dir(), number));
  EXPECT_EQ(verify(dir()), 1);  // the database knows
  expect_one_sentence("missing: journal-000000000001.seg is gone, and the program did not remove it");
  EXPECT_FALSE(fs::exists(bundle()));
}

TEST_F(JournalCommand, AnExportLeavesOutWhatIsNotOfTheJournal) {
  write_journal();
  fs::copy_file(segment_file(dir(), 1), dir() / "journal-3.seg");
  EXPECT_EQ(verify(dir()), 1);
  expect_one_sentence("journal-3.seg is no file of this journal");
  EXPECT_EQ(export_to(bundle()), 1);
  expect_one_sentence("exported, but the journal in " + dir().string() +
                      " is NOT what was written: journal-3.seg is");
  EXPECT_FALSE(fs::exists(bundle() / "journal" / "journal-3.seg"));
  EXPECT_THAT(out_.str(), HasSubstr(": 63 records in words"));
}

TEST_F(JournalCommand, VerifyVouchesForNoMoreThanItCan) {
  write_journal();
  const TempDir killed;
  {
    OpenStore desk{dir()};
    desk->record_note("day", "x", at(100));
    ASSERT_TRUE(desk->flush(std::chrono::seconds{20}));
    for (const auto& entry : fs::directory_iterator{dir()}) {
      if (entry.path().filename() != "lock") fs::copy(entry.path(), killed.path() / entry.path().filename());
    }
  }
  fs::remove(chain_file(killed.path(), list_chains(killed.path()).back()));  // of the process that was killed,
  samples::query(killed.path(), "DELETE FROM journal_chain WHERE last_sequence = 64");  // before it came to either
  EXPECT_EQ(verify(killed.path()), 0) << err_.str();
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("records 1 to 63 are as they were written; record 64 is not chained yet: "
                                          "nothing vouches for it: the process that wrote them is at it, or was"),
                                Not(HasSubstr("nothing was changed"))));
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
  expect_one_sentence("below.tar cannot be written: there is no folder " + (elsewhere_.path() / "taken").string());
  EXPECT_EQ(export_to(elsewhere_.path() / "mistyped" / "case"), 1);
  expect_one_sentence("there is no folder");
  EXPECT_FALSE(fs::exists(elsewhere_.path() / "mistyped"));
  EXPECT_EQ(export_journal_command(elsewhere_.path() / "none", bundle(), {}, {}, out_, err_), 1);
  EXPECT_FALSE(fs::exists(bundle()));
}

}  // namespace
}  // namespace rm
