// What is not a whole journal is refused with one sentence that says where, and an exit code that is not 0.
#include <limits>
#include <stdexcept>
#include <utility>

#include "sample.h"
#include "store/codec.h"
#include "support/as_nobody.h"

namespace rm::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

void expect_refused(const std::filesystem::path& journal, const std::string& sentence) {
  const Outcome outcome = replayed(journal);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, AllOf(StartsWith("risk-manager: "), HasSubstr(sentence)));
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
}

TEST(BadJournal, NotThere) {
  expect_refused("/no/such/folder", "/no/such/folder does not exist");
}

TEST(BadJournal, AFileInPlaceOfAFolder) {
  const Copy copy;
  expect_refused(copy.segment(0), "is not a folder: name the data directory");
}

TEST(BadJournal, AFolderWithoutAJournal) {
  const TempDir dir;
  expect_refused(dir.path(), dir.path().string() + " holds no journal (journal-*.seg files)");
}

TEST(BadJournal, AFileThatIsNoJournal) {
  const Copy copy;
  for (const Bytes& other : {Bytes(100, std::byte{'x'}), Bytes(5, std::byte{'R'})}) {
    save(copy.segment(1), other);
    expect_refused(copy.path(), copy.segment(1).string() + " is not a journal file");
  }
}

TEST(BadJournal, WithoutPermission) {
  namespace fs = std::filesystem;
  const Copy copy;
  const fs::path file = copy.segment(1);
  constexpr auto kRead = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
  fs::permissions(copy.path(), fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec | kRead);
  for (std::size_t i = 0; i < 3; ++i) fs::permissions(copy.segment(i), kRead);
  fs::permissions(file, fs::perms::none);
  {
    const AsNobody nobody;
    expect_refused(copy.path(), file.string() + " cannot be read: Permission denied");
  }
  fs::permissions(copy.path(), fs::perms::owner_all);
  const AsNobody nobody;
  expect_refused(copy.path(), copy.path().string() + " cannot be read: Permission denied");
}

TEST(BadJournal, CutAnywhereInARecord) {
  for (const std::size_t less : {1U, 8U, 20U, 23U, 30U, 41U}) {
    const Copy copy;
    copy.edit(0, [&](Bytes& bytes) {
      const std::size_t end = places_of(bytes, RecordType::Event).at(10);
      bytes.resize(end + 64 - less);
    });
    const Outcome outcome = replayed(copy.path());
    EXPECT_EQ(outcome.code, 1) << less;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(copy.segment(0).string() + ", byte "),
                                   ::testing::AnyOf(HasSubstr("was cut"), HasSubstr("is missing"))));
  }
}

TEST(BadJournal, CutBetweenTwoRecordsIsSeenByTheNextFile) {
  const Copy copy;
  copy.edit(0, [](Bytes& bytes) { bytes.resize(places_of(bytes, RecordType::Event).at(10)); });
  expect_refused(copy.path(), "what was between them is missing");
}

TEST(BadJournal, AFileThatWasMadeReadyAndNeverWrittenIsNone) {
  const Copy copy;
  save(segment_file(copy.path(), list_segments(copy.path()).back().number + 1), Bytes(4096));
  const Outcome outcome = replayed(copy.path());
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("identical: "));
}

TEST(BadJournal, AFileIsMissing) {
  const Copy copy;
  std::filesystem::remove(copy.segment(1));
  expect_refused(copy.path(), "what was between them is missing");
}

// Anywhere in the file: in lengths, headers, payloads and checksums. (Padding and four spare bytes carry nothing.)
TEST(BadJournal, AnyEditedByteIsNoticed) {
  const Copy copy;
  const Bytes whole = load(copy.segment(0));
  const auto events = places_of(whole, RecordType::Event);
  for (const std::size_t offset : {0U, 1U, 3U, 4U, 6U, 8U, 15U, 16U, 19U, 24U, 27U, 33U}) {
    for (const std::size_t event : {events.front(), events.at(events.size() / 2), events.back()}) {
      Bytes bytes = whole;
      bytes[event + offset] ^= std::byte{1};
      save(copy.segment(0), bytes);
      const Outcome outcome = replayed(copy.path());
      EXPECT_EQ(outcome.code, 1) << offset << " of " << event;
      EXPECT_THAT(outcome.err, HasSubstr(copy.segment(0).string() + ", byte "));
    }
  }
}

TEST(BadJournal, ALengthThatWasMadeZeroDoesNotHideWhatComesBehind) {
  const Copy copy;
  copy.edit(2, [](Bytes& bytes) {
    const std::size_t at = places_of(bytes, RecordType::Event).at(1);
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 4, std::byte{0});
  });
  expect_refused(copy.path(), "the record there has been changed or damaged");
}

// A process that is killed while it writes leaves a record without its length, and zeros.
TEST(BadJournal, TheUnfinishedRecordOfAKilledProcessIsNoDamage) {
  const Copy copy;
  copy.edit(2, [](Bytes& bytes) {
    const std::size_t end = bytes.size();
    bytes.resize(end + 4096);
    for (std::size_t i = end + 4; i < end + 90; ++i) bytes[i] = std::byte{0x5a};
  });
  EXPECT_EQ(replayed(copy.path()).code, 0);
}

TEST(BadJournal, OfAnOlderVersion) {
  const TempDir dir;
  ContractTable contracts;
  const Trade trade = samples::trade(7, contracts.intern(samples::kMnq));
  samples::write_segment(
      dir.path(),
      {samples::sealed(RecordType::Event, 1, 1, encoded(RiskEvent{TradeExecuted{trade}, {}, 0, 1}, contracts))});
  expect_refused(dir.path(), "it was recorded by an older version, which did not record prices, rules");
}

TEST(BadJournal, OfANewerVersion) {
  const TempDir dir;
  samples::write_segment(dir.path(), {samples::sealed(RecordType::RunBegins, 9, 1, Bytes(8))});
  expect_refused(dir.path(), "was written by a newer version than this one");
}

TEST(BadJournal, WhoseBeginningHasBeenRemoved) {
  const Copy copy;
  std::filesystem::remove(copy.segment(0));
  const Outcome rest = replayed(copy.path());
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_THAT(rest.out, AllOf(HasSubstr("are not in the journal any more"), HasSubstr("2 runs of the daemon")));

  const TempDir dir;
  ContractTable contracts;
  const auto event = encoded(seen({TimePassed{}, {}, 0, 1}), contracts);
  samples::write_segment(dir.path(), {samples::sealed(RecordType::Event, 2, 77, event)});
  expect_refused(dir.path(), "no start of the daemon is in it");
}

TEST(BadJournal, WithAConfigurationThatThisVersionDoesNotUnderstand) {
  const TempDir dir;
  const ContractTable contracts;
  RunStart start;
  start.version = "9.8.7";
  start.at = start.computer_time = samples::at(0);
  start.yaml = {"rules: {a_rule_of_another_time: {}}\n"};
  samples::write_segment(dir.path(),
                         {samples::sealed(RecordType::RunBegins, 1, 1, encoded(RunBegins{"9.8.7", {}}, contracts)),
                          samples::sealed(RecordType::RunStart, 1, 2, encoded(start, contracts))});
  expect_refused(dir.path(), "recorded by version 9.8.7, with a configuration that this version");
  expect_refused(dir.path(), "a_rule_of_another_time");
}

// Nothing that the daemon writes, but its checksum fits.
TEST(BadJournal, WithRecordsThatMakeNoSense) {
  const ContractTable contracts;
  RunStart start;
  start.computer_time = BrokerTime::from_nanos(std::numeric_limits<std::int64_t>::min());
  start.yaml = {"rules: {daily_loss: {max_loss: -1000}}\n"};
  start.accounts = {{samples::kAccount, "PRACTICE"}};
  const auto begins = encoded(RunBegins{"0.1.0", {}}, contracts), starts = encoded(start, contracts);
  const auto nothing = encoded(seen({SnapshotTaken{samples::kAccount, nullptr}, {}, 0, 1}), contracts);
  const auto behind_missing_ones = encoded(ContractKnown{7, samples::kMnq, "MNQU6", 1, Money{}, true}, contracts);
  const auto of_the_first_version = encoded(RiskEvent{TimePassed{}, {}, 0, 1}, contracts);
  struct Third {
    RecordType type;
    std::uint16_t version;
    Bytes payload;
  };
  for (const auto& [type, version, payload] : {Third{RecordType::Event, 2, nothing},
                                               {RecordType::Event, 1, of_the_first_version},
                                               {RecordType::RunStart, 1, starts},
                                               {RecordType::Contract, 1, behind_missing_ones}}) {
    const TempDir dir;
    samples::write_segment(dir.path(), {samples::sealed(RecordType::RunBegins, 1, 1, begins),
                                        samples::sealed(RecordType::RunStart, 1, 2, starts),
                                        samples::sealed(type, version, 3, payload)});
    expect_refused(dir.path(), "record 3 of the journal");
  }
}

TEST(BadJournal, WithARecordThatSaysNothing) {
  const TempDir dir;
  samples::write_segment(dir.path(), {samples::sealed(RecordType::RunBegins, 1, 1, Bytes(3, std::byte{0xff}))});
  expect_refused(dir.path(), "record 1 of the journal (run_begins) cannot be read by this version");
}

}  // namespace
}  // namespace rm::test
