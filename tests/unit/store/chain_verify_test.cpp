// Whatever is done to a journal that was written is found, and the first thing that does not fit is named.

#include "store/chain_verify.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "desk.h"
#include "store/journal.h"
#include "store/withheld.h"
#include "support/as_nobody.h"
#include "tampering.h"

namespace rm {
namespace {

using namespace std::chrono_literals;
using samples::at;
using samples::Bytes;
using samples::OpenedSegment;
using samples::OpenStore;
using samples::query;
using samples::TempDir;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr auto kPatience = 20s;

StoreOptions tiny_files(std::size_t keep = 100) {
  StoreOptions options;
  options.segment_bytes = 8 << 10;
  options.keep_segments = keep;
  return options;
}

void record_notes(OpenStore& desk, int count, const std::string& text = "a day like any other") {
  for (int i = 0; i < count; ++i) {
    while (desk->record_note(text, std::to_string(i) + std::string(300, 'x'), at(i)) == 0) std::this_thread::yield();
    if (i % 16 == 15) (void)desk->flush(kPatience);  // small files: they are made ready one by one
  }
  ASSERT_TRUE(desk->flush(kPatience));
}

// A run that ended in order: some files of some twenty records each, the last of them a decision.
ChainTip write_journal(const std::filesystem::path& dir, const std::string& text = "a day like any other",
                       StoreOptions options = tiny_files()) {
  OpenStore desk{dir, std::move(options)};
  record_notes(desk, 100, text);
  desk->record_decision(samples::decision(1, desk.contracts));
  desk->close();
  return desk->chain_tip();
}

VerifiedJournal verified(const std::filesystem::path& dir, std::vector<ChainTip> anchors = {}) {
  const auto report = verify_journal(dir, anchors);
  EXPECT_TRUE(report) << report.error().message;
  return report.value_or(VerifiedJournal{});
}

std::string problem_in(const std::filesystem::path& dir, std::vector<ChainTip> anchors = {}) {
  return verified(dir, std::move(anchors)).problem;
}

std::string record(std::uint64_t sequence, std::string_view more = "") {
  return "record " + std::to_string(sequence) + std::string{more};
}

bool until(const auto& condition) {
  for (const auto end = std::chrono::steady_clock::now() + kPatience; std::chrono::steady_clock::now() < end;
       std::this_thread::sleep_for(1ms)) {
    if (condition()) return true;
  }
  return false;
}

class Chain : public testing::Test {
 protected:
  void SetUp() override { head_ = write_journal(dir_.path()); }
  [[nodiscard]] std::filesystem::path dir() const { return dir_.path(); }
  [[nodiscard]] std::uint64_t last_segment() const { return list_segments(dir()).back().number; }
  void remove(std::uint64_t segment) {
    std::filesystem::remove(segment_file(dir(), segment));
    std::filesystem::remove(chain_file(dir(), segment));
  }
  TempDir dir_;
  ChainTip head_;
};

TEST_F(Chain, OfAJournalThatNobodyTouchedFits) {
  const auto report = verified(dir());
  EXPECT_EQ(report.problem, "");
  EXPECT_THAT(report.remarks, IsEmpty());
  EXPECT_EQ(report.records, 101U);
  EXPECT_EQ(report.unchained, 0U);
  EXPECT_EQ(report.first_sequence, 1U);
  EXPECT_EQ(report.first_time, at(0));
  EXPECT_EQ(report.last_time, at(0)) << "the decision, which is the last record, is dated so";
  EXPECT_EQ(report.head, head_);
  EXPECT_EQ(report.head.sequence, 101U);
  EXPECT_GT(report.files, 3U);
  EXPECT_EQ(query(dir(), "SELECT last_sequence || ':' || head FROM journal_chain ORDER BY segment DESC"),
            text_of(head_));
}

TEST_F(Chain, GoesOnOverRestarts) {
  const ChainTip before = head_;
  head_ = write_journal(dir());
  const auto report = verified(dir(), {before, head_});
  EXPECT_EQ(report.problem, "");
  EXPECT_EQ(report.records, 202U);
  EXPECT_THAT(report.remarks, IsEmpty());
}

TEST_F(Chain, NamesARecordThatWasChangedAndItsChecksumRepaired) {
  OpenedSegment second{dir(), 2};
  auto& changed = second.records[3];
  changed.payload.back() ^= std::byte{1};
  second.write();
  EXPECT_THAT(problem_in(dir()), AllOf(StartsWith(record(changed.sequence, " (note, 20")), HasSubstr("is altered")));
}

TEST_F(Chain, NamesARecordWithAChangedByte) {
  auto bytes = samples::read_bytes(segment_file(dir(), 1));
  bytes[kSegmentHeader + kRecordHeader + 5] ^= std::byte{1};
  samples::write_bytes(segment_file(dir(), 1), bytes);
  EXPECT_THAT(problem_in(dir()), AllOf(StartsWith("record 1 (note) is altered"), HasSubstr("checksum")));
}

// One that claims to be longer than its file looks like a cut, but for the whole records behind it.
TEST_F(Chain, NamesARecordWithAChangedLength) {
  auto bytes = samples::read_bytes(segment_file(dir(), 1));
  bytes[kSegmentHeader + 3] = std::byte{0x7f};
  samples::write_bytes(segment_file(dir(), 1), bytes);
  EXPECT_THAT(problem_in(dir()), AllOf(StartsWith(record(1, " (")), HasSubstr("its checksum does not fit")));
}

TEST_F(Chain, NamesARecordThatWasTakenOut) {
  OpenedSegment second{dir(), 2};
  const auto missing = second.records[5].sequence;
  second.records.erase(second.records.begin() + 5);
  second.write();
  EXPECT_THAT(problem_in(dir()),
              AllOf(StartsWith(record(missing, " (note) is missing: ")), HasSubstr(record(missing + 1, " (note, 20")),
                    HasSubstr("behind what was so at")));
}

TEST_F(Chain, NamesARecordThatWasTakenOutAndTheOthersNumberedAnew) {
  OpenedSegment second{dir(), 2};
  const auto missing = second.records[5].sequence;
  second.records.erase(second.records.begin() + 5);
  for (std::size_t i = 5; i < second.records.size(); ++i) --second.records[i].sequence;
  second.write();
  EXPECT_THAT(problem_in(dir()), AllOf(StartsWith(record(missing, " (")), HasSubstr("is altered")));
}

TEST_F(Chain, NamesRecordsThatChangedPlaces) {
  OpenedSegment second{dir(), 2};
  std::swap(second.records[4], second.records[5]);
  const auto place = second.records[5].sequence;
  second.write();
  EXPECT_THAT(problem_in(dir()), AllOf(StartsWith(record(place + 1, " (note, 20")),
                                       HasSubstr("stands where " + record(place) + " was: the order was changed")));
}

TEST_F(Chain, NamesATailThatWasCutOffAFile) {
  OpenedSegment last{dir(), last_segment()};
  const auto cut = last.records[last.records.size() - 2].sequence;
  last.records.resize(last.records.size() - 2);
  last.write();
  EXPECT_THAT(problem_in(dir()), AllOf(StartsWith(record(cut, " (note) and all to 101 missing")),
                                       HasSubstr("was cut off, behind what was so at")));
}

TEST_F(Chain, NamesATailThatWasCutWithinTheHeaderOfARecord) {
  auto bytes = samples::read_bytes(segment_file(dir(), 1));
  bytes.resize(kSegmentHeader + kRecordHeader / 2);
  samples::write_bytes(segment_file(dir(), 1), bytes);
  EXPECT_THAT(problem_in(dir()), HasSubstr("was cut off, in the middle of a record"));
}

TEST_F(Chain, SaysBehindWhatOfTheFileBeforeItIs) {
  const OpenedSegment first{dir(), 1};
  auto bytes = samples::read_bytes(segment_file(dir(), 2));
  bytes.resize(kSegmentHeader);
  samples::write_bytes(segment_file(dir(), 2), bytes);
  EXPECT_THAT(problem_in(dir()), AllOf(StartsWith(record(first.records.back().sequence + 1, " (note) and all to ")),
                                       HasSubstr(", behind what was so at 20")));
}

TEST_F(Chain, NamesATailThatWasCutTogetherWithItsChainBelowTheHeadInTheDatabase) {
  OpenedSegment last{dir(), last_segment()};
  last.records.pop_back();
  last.write_with_chain();
  EXPECT_THAT(problem_in(dir()), AllOf(StartsWith("record 101 missing"), HasSubstr("the database keeps")));
}

TEST_F(Chain, NamesAFileInTheMiddleThatIsGone) {
  const auto second = OpenedSegment{dir(), 2}.records;
  const std::string missing = "records " + std::to_string(second.front().sequence) + " to " +
                              std::to_string(second.back().sequence) + " missing";
  std::filesystem::remove(segment_file(dir(), 2));
  EXPECT_THAT(problem_in(dir()), StartsWith(missing));
  remove(2);
  EXPECT_THAT(problem_in(dir()), StartsWith(missing));
  query(dir(), "DELETE FROM journal_chain");  // the files alone tell it too
  EXPECT_THAT(problem_in(dir()), AllOf(StartsWith(missing), HasSubstr("journal-000000000002.seg, is gone")));
}

TEST_F(Chain, NamesAFileAtEitherEndThatIsGone) {
  const TempDir other;
  std::filesystem::copy(dir(), other.path(), std::filesystem::copy_options::recursive);
  remove(last_segment());
  EXPECT_THAT(problem_in(dir()), HasSubstr("is gone, and the program did not remove it"));
  std::filesystem::remove(segment_file(other.path(), 1));
  std::filesystem::remove(chain_file(other.path(), 1));
  EXPECT_THAT(problem_in(other.path()),
              AllOf(StartsWith("records 1 to "), HasSubstr("journal-000000000001.seg is gone")));
}

TEST_F(Chain, NamesAFileThatBelongsToAnotherDay) {
  const TempDir other_day;
  write_journal(other_day.path(), "the other day that was better");
  const auto swap_in = [&](const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
  };
  const TempDir with_chain;
  std::filesystem::copy(dir(), with_chain.path(), std::filesystem::copy_options::recursive);
  swap_in(segment_file(other_day.path(), 2), segment_file(dir(), 2));
  EXPECT_THAT(problem_in(dir()), HasSubstr("is altered: it is not what was chained"));
  swap_in(segment_file(other_day.path(), 2), segment_file(with_chain.path(), 2));
  swap_in(chain_file(other_day.path(), 2), chain_file(with_chain.path(), 2));
  EXPECT_THAT(problem_in(with_chain.path()), HasSubstr("goes on from another head of the chain"));
}

TEST_F(Chain, NamesAFileInThePlaceOfAnother) {
  std::filesystem::copy_file(segment_file(dir(), 3), segment_file(dir(), 2),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_THAT(problem_in(dir()), HasSubstr("journal-000000000002.seg is not the journal file of that number"));
  std::filesystem::copy_file(chain_file(dir(), 3), chain_file(dir(), 2),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_THAT(problem_in(dir()), HasSubstr("belongs to file 3"));
}

TEST_F(Chain, NamesARecordThatWasAddedBehindTheEnd) {
  OpenedSegment last{dir(), last_segment()};
  auto forged = last.records.back();
  ++forged.sequence;
  last.records.push_back(forged);
  last.write();
  EXPECT_THAT(problem_in(dir()),
              AllOf(StartsWith("record 102 (decision, 20"), HasSubstr("was added behind the end")));
  {
    OpenStore desk{dir(), tiny_files()};  // a start does not make it good
    EXPECT_FALSE(desk->recovered().chain_fits);
    EXPECT_THAT(desk->recovered().chain, HasSubstr("record 102 was added"));
  }
  EXPECT_THAT(problem_in(dir()), StartsWith("record 102 (decision, 20"));
}

TEST_F(Chain, NamesTheFileThatWasWrittenAnewWithItsChain) {
  OpenedSegment second{dir(), 2};
  second.records[3].payload.back() ^= std::byte{1};
  second.write_with_chain();
  const std::string whole = "records " + std::to_string(second.records.front().sequence) + " to " +
                            std::to_string(second.records.back().sequence);
  EXPECT_THAT(problem_in(dir()), AllOf(StartsWith(whole), HasSubstr("the database keeps another head")));
  query(dir(), "DELETE FROM journal_chain");
  EXPECT_THAT(problem_in(dir()),
              AllOf(StartsWith(whole), HasSubstr("journal-000000000003.seg goes on from another head")));
}

TEST_F(Chain, ThatWasWrittenAnewWithTheDatabaseShowsWithAHeadThatWasKeptElsewhere) {
  OpenedSegment last{dir(), last_segment()};
  last.records.back().payload[20] ^= std::byte{1};
  last.write_with_chain();
  const auto chain = read_chain(chain_file(dir(), last_segment()));
  ASSERT_TRUE(chain);
  const ChainTip forged{last_segment(), 101, chain->entries.back().hash};
  query(dir(), "UPDATE journal_chain SET head = '" + hex(forged.hash) +
                   "' WHERE segment = " + std::to_string(last_segment()));
  ASSERT_EQ(problem_in(dir()), "");  // all that is here fits together: nothing here can show it
  EXPECT_NE(forged, head_);
  EXPECT_THAT(problem_in(dir(), {head_}), AllOf(HasSubstr("record 101"), HasSubstr("it was written anew")));
  EXPECT_THAT(problem_in(dir(), {ChainTip{0, 4711, head_.hash}}), HasSubstr("there is no record 4711 here"));
}

TEST_F(Chain, NamesAChainFileThatWasChangedInsteadOfTheJournal) {
  auto bytes = samples::read_bytes(chain_file(dir(), 2));
  bytes[kChainHeaderBytes + 2 * kChainEntryBytes + 7] ^= std::byte{1};
  samples::write_bytes(chain_file(dir(), 2), bytes);
  EXPECT_THAT(problem_in(dir()),
              AllOf(HasSubstr("the chain of " + record(OpenedSegment{dir(), 2}.records[2].sequence)),
                    HasSubstr("the record itself fits")));
  bytes[kChainHeaderBytes + 2 * kChainEntryBytes + 7] ^= std::byte{1};
  bytes[kChainHeaderBytes + 2 * kChainEntryBytes] = std::byte{static_cast<std::uint8_t>(RecordType::Decision)};
  samples::write_bytes(chain_file(dir(), 2), bytes);
  EXPECT_THAT(problem_in(dir()), HasSubstr("it names another type"));
  samples::write_bytes(chain_file(dir(), 2), Bytes(80));
  EXPECT_THAT(problem_in(dir()), HasSubstr("journal-000000000002.chain is not a chain file any more"));
  std::filesystem::remove(chain_file(dir(), 2));
  EXPECT_THAT(problem_in(dir()), HasSubstr("there is no journal-000000000002.chain"));
}

TEST_F(Chain, OfARealJournalHasNoWithheldRecords) {
  OpenedSegment second{dir(), 2};
  second.records[3].type = kWithheld;
  second.write();
  EXPECT_THAT(problem_in(dir()), HasSubstr("only an exported copy has such"));
}

TEST(ChainFiles, ThatTheProgramRemovedAreNotMissed) {
  const TempDir dir;
  write_journal(dir.path(), "a day", tiny_files(2));
  const auto first = list_segments(dir.path()).front().number;
  ASSERT_GT(first, 1U);
  EXPECT_EQ(list_chains(dir.path()).front(), first);
  auto report = verified(dir.path());
  EXPECT_EQ(report.problem, "");
  EXPECT_THAT(report.remarks,
              Contains(AllOf(StartsWith("it begins with record " + std::to_string(report.first_sequence)),
                             HasSubstr("were removed by the program"))));
  std::filesystem::remove(segment_file(dir.path(), first));
  std::filesystem::remove(chain_file(dir.path(), first));
  EXPECT_THAT(problem_in(dir.path()), HasSubstr("the program did not remove it"));
}

TEST(ChainFiles, OfAVersionBeforeAreChainedFromTheNextStartOn) {
  const TempDir dir;
  write_journal(dir.path());
  for (const std::uint64_t number : list_chains(dir.path())) std::filesystem::remove(chain_file(dir.path(), number));
  query(dir.path(), "DROP TABLE journal_chain");
  query(dir.path(), "UPDATE schema_version SET version = 3");
  EXPECT_THAT(problem_in(dir.path()), HasSubstr("it has no chain of hashes"));
  {
    OpenStore desk{dir.path(), tiny_files()};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
    EXPECT_TRUE(desk->recovered().chain_fits);
    EXPECT_THAT(desk->recovered().chain, HasSubstr("records 1 to 101 were chained at this start only"));
  }
  const auto report = verified(dir.path());
  EXPECT_EQ(report.problem, "");
  EXPECT_EQ(report.records, 102U);  // and the note that says so
}

// The child records without end; the parent kills it. Returns when it is dead.
void run_and_kill(const std::filesystem::path& dir, std::chrono::microseconds life) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    OpenStore desk{dir, tiny_files()};
    for (std::uint64_t i = 1; desk.store; ++i) {
      while (desk->record_note("killed", std::string(300, 'x'), at(static_cast<std::int64_t>(i))) == 0)
        std::this_thread::yield();
      if (i == 5 && ::write(ends[1], &i, 1) != 1) break;
    }
    ::_exit(1);
  }
  ::close(ends[1]);
  char said = 0;
  EXPECT_EQ(::read(ends[0], &said, 1), 1);
  std::this_thread::sleep_for(life);  // any instant will do: nothing depends on which
  ::kill(pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  ::close(ends[0]);
}

std::vector<std::string> chain_notes(const std::filesystem::path& dir) {
  std::vector<std::string> notes;
  EXPECT_TRUE(read_journal(dir, 0, [&](const JournalRecord& record) {
    const std::string text{reinterpret_cast<const char*>(record.payload.data()), record.payload.size()};
    if (record.type == RecordType::Note && text.find("journal_chain") != std::string::npos) notes.push_back(text);
  }));
  return notes;
}

TEST(ChainAfterKill, IsFinishedByTheNextStartWhichSaysSo) {
  const TempDir dir;
  std::uint64_t late = 0;
  for (int round = 0; round < 8; ++round) {
    SCOPED_TRACE(round);
    run_and_kill(dir.path(), std::chrono::microseconds{round * 700});
    const auto killed = verified(dir.path());
    ASSERT_EQ(killed.problem, "");
    late += killed.unchained;
    {
      OpenStore desk{dir.path(), tiny_files()};
      ASSERT_TRUE(desk.store) << desk.store.error().message;
      EXPECT_TRUE(desk->recovered().chain_fits) << desk->recovered().chain;
      if (killed.unchained > 0) {
        EXPECT_THAT(desk->recovered().chain, HasSubstr("were chained at this start only"));
      }
    }
    const auto report = verified(dir.path());
    ASSERT_EQ(report.problem, "");
    EXPECT_EQ(report.unchained, 0U);
  }
  ASSERT_GT(late, 0U) << "no round left anything unchained: the test shows nothing";
  EXPECT_THAT(chain_notes(dir.path()), Contains(HasSubstr("were chained at this start only")));
}

TEST(ChainAfterKill, DoesNotMakeGoodWhatWasChangedBeforeTheNextStart) {
  const TempDir dir;
  for (auto life = 5ms; list_chains(dir.path()).empty(); life *= 2) run_and_kill(dir.path(), life);
  const auto segment = list_chains(dir.path()).back();
  OpenedSegment changed{dir.path(), segment};
  const std::uint64_t sequence = changed.records[0].sequence;
  changed.records[0].payload.back() ^= std::byte{1};
  changed.write();
  {
    OpenStore desk{dir.path(), tiny_files()};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
  }
  EXPECT_THAT(problem_in(dir.path()), AllOf(StartsWith(record(sequence, " (")), HasSubstr("is altered")));
}

TEST(ChainAfterKill, GoesOnFromTheDatabaseWhenTheEndIsCutOffWithItsChain) {
  const TempDir dir;
  {
    OpenStore desk{dir.path(), tiny_files()};
    desk->record_decision(samples::decision(1, desk.contracts));
    desk->record_decision(samples::decision(2, desk.contracts));
  }
  OpenedSegment cut{dir.path(), 1};
  cut.records.pop_back();
  cut.write_with_chain();
  {
    OpenStore desk{dir.path(), tiny_files()};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
    EXPECT_EQ(desk->recovered().locks.size(), 4U);  // the guarding does not suffer
    EXPECT_FALSE(desk->recovered().chain_fits);
    EXPECT_THAT(desk->recovered().chain, HasSubstr("does not lead to the head"));
    desk->record_decision(samples::decision(3, desk.contracts));
  }
  EXPECT_THAT(problem_in(dir.path()), StartsWith("record 2 missing"));
}

TEST(ChainBesideAWriter, FitsAtAnyInstant) {
  const TempDir dir;
  OpenStore desk{dir.path(), tiny_files(10)};
  const std::jthread writer{[&](const std::stop_token& stop) {
    for (int i = 0; !stop.stop_requested(); ++i) {
      if (desk->record_note("busy", std::string(300, 'x'), at(i)) == 0) std::this_thread::yield();
      if (i % 8 == 0) std::this_thread::sleep_for(1ms);
    }
  }};
  ASSERT_TRUE(until([&] { return list_chains(dir.path()).size() > 5; }));
  for (int i = 0; i < 40; ++i) {
    const auto report = verify_journal(dir.path(), {});
    ASSERT_TRUE(report) << report.error().message;
    ASSERT_EQ(report->problem, "");
  }
}

TEST(ChainOfAFullDisk, SaysWhichRecordsNeverReachedAFile) {
  const TempDir dir;
  const auto journal = Journal::open(dir.path(), 1, 1, {16 << 10, 100, 16});
  ASSERT_TRUE(journal) << journal.error().message;
  const auto append_and_tend = [&] {
    for (int attempt = 0; attempt < 2; ++attempt) {
      if (const auto room = (*journal)->room(); room.size() >= 1000) {
        (void)(*journal)->commit(RecordType::Note, 1000);
        break;
      }
      (*journal)->next_segment();
    }
    (void)(*journal)->prepare();
    (void)(*journal)->read(100, [](const JournalRecord&) {});
    EXPECT_EQ((*journal)->release(), 0);
  };
  const auto before_signal = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit full{8 << 10, before.rlim_max};  // what a full disk does to files of 16 KiB
  ::setrlimit(RLIMIT_FSIZE, &full);
  for (int i = 0; i < 60; ++i) append_and_tend();
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, before_signal);
  for (int i = 0; i < 20; ++i) append_and_tend();
  const auto report = verified(dir.path());
  EXPECT_EQ(report.problem, "");
  EXPECT_LT(report.records, 80U);
  EXPECT_EQ(report.head, (*journal)->chain_tip());
  EXPECT_EQ(report.head.sequence, 80U);
  EXPECT_THAT(report.remarks, Contains(HasSubstr("never reached a file: the disk refused")));
}

auto as_nobody(const auto& look) {
  const test::AsNobody nobody;
  return look();
}

TEST(ChainOfNothing, IsOneSentence) {
  const TempDir dir;
  const auto none = verify_journal(dir.path(), {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "there is no journal in " + dir.path().string());
  const auto nowhere = verify_journal(dir.path() / "nowhere", {});
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().message, AllOf(HasSubstr("nowhere cannot be read"), HasSubstr("No such file")));
}

TEST(ChainWithoutPermission, IsOneSentence) {
  const TempDir dir;
  write_journal(dir.path());
  ASSERT_EQ(::chmod(dir.path().c_str(), 0), 0);
  const auto refused = as_nobody([&] { return verify_journal(dir.path(), {}); });
  ::chmod(dir.path().c_str(), 0700);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("cannot be read: Permission denied"));
}

TEST_F(Chain, ReadsADirectoryThatCannotBeWritten) {
  ASSERT_EQ(::chmod(dir().c_str(), 0555), 0);
  for (const auto& entry : std::filesystem::directory_iterator{dir()}) ::chmod(entry.path().c_str(), 0444);
  const auto report = as_nobody([&] { return verify_journal(dir(), {}); });
  ::chmod(dir().c_str(), 0700);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->problem, "");
}

TEST(Anchors, AreDueAfterAReceiptAndAfterAFile) {
  const TempDir dir;
  std::atomic<int> woken = 0;
  auto options = tiny_files();
  options.wake_loop = [&] { ++woken; };
  OpenStore desk{dir.path(), std::move(options)};
  ASSERT_TRUE(desk->flush(kPatience));
  EXPECT_EQ(desk->take_head(), std::nullopt);
  desk->record_decision(samples::decision(5, desk.contracts));
  desk->record_receipt(samples::receipt(5, desk.contracts));
  ASSERT_TRUE(desk->flush(kPatience));
  std::optional<ChainTip> head;
  ASSERT_TRUE(until([&] { return (head = desk->take_head()).has_value(); }));
  EXPECT_GE(head->sequence, 2U);
  EXPECT_EQ(desk->take_head(), std::nullopt);
  EXPECT_GT(woken.load(), 0);
  record_notes(desk, 40);
  EXPECT_TRUE(until([&] { return desk->take_head().has_value(); }));
}

}  // namespace
}  // namespace rm
