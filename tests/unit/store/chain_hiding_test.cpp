// What somebody does so that nothing can be verified: takes the hashes away, hides records as if they were secret,
// puts something in the way.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "desk.h"
#include "store/chain_verify.h"
#include "store/inspect.h"
#include "store/withheld.h"
#include "tampering.h"

namespace rm {
namespace {

namespace fs = std::filesystem;
using samples::at;
using samples::Bytes;
using samples::OpenedSegment;
using samples::OpenStore;
using samples::query;
using samples::TempDir;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::uint64_t kConfig = 1, kDecision = 42, kLast = 43;  // records

StoreOptions tiny_files() {
  StoreOptions options;
  options.segment_bytes = 8 << 10;
  return options;
}

void write_journal(const fs::path& dir) {
  OpenStore desk{dir, tiny_files()};
  ASSERT_TRUE(desk.store) << desk.store.error().message;
  desk->record_config(at(0), at(86'400), "rules: {}\n");
  for (int i = 0; i < 40; ++i) {
    while (desk->record_note("day", std::string(300, 'x'), at(i)) == 0) std::this_thread::yield();
    if (i % 16 == 15) (void)desk->flush(std::chrono::seconds{20});
  }
  desk->record_decision(samples::decision(1, desk.contracts));
  desk->record_receipt(samples::receipt(1, desk.contracts));
}

VerifiedJournal verified(const fs::path& dir, std::vector<ChainTip> anchors = {}) {
  const auto report = verify_journal(dir, anchors);
  EXPECT_TRUE(report) << report.error().message;
  return report.value_or(VerifiedJournal{});
}

// A record as a note that it is withheld.
void withhold(OpenedSegment& segment, std::uint64_t sequence, std::optional<RecordType> as = {}) {
  OpenedSegment::Record& record = segment.records[sequence - segment.records.front().sequence];
  Bytes bytes(kRecordHeader + padded(record.payload.size()));
  std::ranges::copy(record.payload, bytes.begin() + kRecordHeader);
  seal_record(bytes, as.value_or(record.type), record.sequence, record.payload.size());
  const Bytes note = withheld_note(bytes, "it is secret");
  const auto read = read_record(note).record;
  record = {read.type, read.sequence, Bytes{read.payload.begin(), read.payload.end()}};
}

class Hidden : public testing::Test {
 protected:
  void SetUp() override { write_journal(dir()); }
  void copy() { samples::copy_journal(dir(), copy_.path()); }
  [[nodiscard]] fs::path dir() const { return dir_.path(); }
  [[nodiscard]] std::uint64_t last_segment() const { return list_segments(dir()).back().number; }
  TempDir dir_, copy_;
};

// ── records ──

TEST_F(Hidden, ConfigurationInACopyIsNamedAndTheChainVouchesForItsPlaceAndType) {
  copy();
  OpenedSegment first{copy_.path(), 1};
  withhold(first, kConfig);
  first.write();
  const auto report = verified(copy_.path());
  EXPECT_EQ(report.problem, "");
  EXPECT_EQ(report.withheld, 1U);
  EXPECT_EQ(report.head, verified(dir()).head);
  EXPECT_THAT(report.remarks, Contains(AllOf(HasSubstr("record 1 (config)"), HasSubstr("place and type"))));
}

TEST_F(Hidden, DecisionIsNoSecret) {
  copy();
  OpenedSegment last{copy_.path(), last_segment()};
  withhold(last, kDecision);
  last.write();
  EXPECT_THAT(verified(copy_.path()).problem, StartsWith("record 42 (decision) was taken out of this copy"));
}

TEST_F(Hidden, DecisionThatIsCalledAConfigurationDoesNotFit) {
  copy();
  OpenedSegment last{copy_.path(), last_segment()};
  withhold(last, kDecision, RecordType::Config);
  last.write();
  EXPECT_THAT(verified(copy_.path()).problem, StartsWith("record 42 (withheld, of no time) is altered"));
  auto chain = samples::read_bytes(chain_file(copy_.path(), last_segment()));  // the type stands beside the hash too
  const auto header = read_chain(chain_file(copy_.path(), last_segment()))->header;
  chain[kChainHeaderBytes + (kDecision - header.first_sequence) * kChainEntryBytes] =
      std::byte{static_cast<std::uint8_t>(RecordType::Config)};
  samples::write_bytes(chain_file(copy_.path(), last_segment()), chain);
  EXPECT_THAT(verified(copy_.path()).problem, HasSubstr("is altered"));
}

TEST_F(Hidden, RecordBehindANoteWithoutWhatItWasDoesNotFit) {
  copy();
  OpenedSegment first{copy_.path(), 1};
  first.records[0].type = kWithheld;
  first.records[0].payload = Bytes(48, std::byte{'x'});
  first.write();
  EXPECT_THAT(verified(copy_.path()).problem, HasSubstr("a note that does not say what it was"));
}

TEST_F(Hidden, RecordCannotBeHiddenInARealJournal) {
  OpenedSegment first{dir(), 1};
  withhold(first, kConfig);
  first.write();
  EXPECT_THAT(verified(dir()).problem, HasSubstr("only an exported copy has such"));
}

// ── hashes ──

TEST_F(Hidden, ChainOfAFileThatWasWholeIsMissed) {
  const auto chain = chain_file(dir(), last_segment());
  fs::resize_file(chain, kChainHeaderBytes);
  EXPECT_THAT(verified(dir()).problem,
              AllOf(StartsWith("the chain of records "), HasSubstr(".chain was cut, and it was whole when its")));
  fs::resize_file(chain, 0);
  EXPECT_THAT(verified(dir()).problem, HasSubstr(".chain is gone, and it was whole when its process had ended"));
  fs::remove(chain);
  EXPECT_THAT(verified(dir()).problem, HasSubstr(".chain is gone, and it was whole when its process had ended"));
  EXPECT_FALSE(verified(dir()).cannot_tell);
}

TEST_F(Hidden, ChainWithoutADatabaseLeavesRecordsThatNothingVouchesFor) {
  copy();
  const ChainTip head = verified(dir()).head;
  fs::remove(chain_file(copy_.path(), last_segment()));
  const auto report = verified(copy_.path());
  const auto first = OpenedSegment{copy_.path(), last_segment()}.records.front().sequence;
  EXPECT_TRUE(report.cannot_tell);
  EXPECT_EQ(report.vouched_for, first - 1);
  EXPECT_THAT(report.problem, StartsWith("records " + std::to_string(first) +
                                         " to 43 are not chained yet: nothing vouches for them"));
  const auto anchored = verified(copy_.path(), {head});  // the head that somebody kept vouches for all before it
  EXPECT_EQ(anchored.problem, "");
  EXPECT_EQ(anchored.vouched_for, kLast);
  EXPECT_EQ(anchored.compared_heads, 1U);
}

TEST_F(Hidden, HeadsInTheDatabaseAreMissed) {
  query(dir(), "DELETE FROM journal_chain");
  EXPECT_THAT(verified(dir()).problem, AllOf(StartsWith("the heads of its chain are gone"),
                                             HasSubstr("records to 43"), HasSubstr("is empty")));
  query(dir(), "DROP TABLE journal_chain");
  EXPECT_THAT(verified(dir()).problem,
              AllOf(StartsWith("the heads of its chain are gone"), HasSubstr("no table journal_chain any more")));
  EXPECT_FALSE(verified(dir()).cannot_tell);
  for (const std::uint64_t number : list_chains(dir())) fs::remove(chain_file(dir(), number));
  EXPECT_THAT(verified(dir()).problem, StartsWith("the heads of its chain are gone"));
}

TEST_F(Hidden, HeadsAreMissedByTheNextStartWhichKeepsEverythingAllTheSame) {
  for (const char* gone : {"DELETE FROM journal_chain", "DROP TABLE journal_chain"}) {
    query(dir(), gone);
    {
      OpenStore desk{dir(), tiny_files()};
      ASSERT_TRUE(desk.store) << desk.store.error().message;
      EXPECT_FALSE(desk->recovered().chain_fits);
      EXPECT_THAT(desk->recovered().chain, HasSubstr("the heads of the journal's chain are gone from the database"));
      desk->record_decision(samples::decision(desk->recovered().next_enforcement.value(), desk.contracts));
      EXPECT_TRUE(desk->flush(std::chrono::seconds{20})) << gone;
    }
    EXPECT_NE(query(dir(), "SELECT count(*) FROM journal_chain"), "0");
  }
}

TEST_F(Hidden, ChainThatCannotBeReadIsSaidByTheNextStartWhichIsNotRefused) {
  const auto chain = chain_file(dir(), last_segment());
  fs::remove(chain);
  ASSERT_EQ(::mkfifo(chain.c_str(), 0600), 0);
  const OpenStore desk{dir(), tiny_files()};
  ASSERT_TRUE(desk.store) << desk.store.error().message;
  EXPECT_FALSE((*desk.store)->recovered().chain_fits);
  EXPECT_THAT((*desk.store)->recovered().chain, HasSubstr("it is not an ordinary file"));
}

// ── what is no file of the journal ──

TEST_F(Hidden, FileOfAnotherNameIsNamed) {
  for (const char* name : {"journal-3.seg", "journal-02.seg", "journal-000000000002a.seg", "journal-7.chain"}) {
    fs::copy_file(segment_file(dir(), 1), dir() / name);
    EXPECT_THAT(verified(dir()).problem, StartsWith(std::string{name} + " is no file of this journal")) << name;
    EXPECT_EQ(list_segments(dir()).size(), last_segment()) << name;
    fs::remove(dir() / name);
  }
}

TEST_F(Hidden, NamedPipesHoldNobody) {
  const std::vector<fs::path> names{segment_file(dir(), 2), chain_file(dir(), 2), dir() / "risk-manager.db",
                                    dir() / "risk-manager.db-wal"};
  for (const fs::path& name : names) {
    SCOPED_TRACE(name);
    const TempDir aside;
    if (fs::exists(name)) fs::rename(name, aside.path() / "kept");
    ASSERT_EQ(::mkfifo(name.c_str(), 0600), 0);
    const auto report = verify_journal(dir(), {});
    ASSERT_FALSE(report);
    EXPECT_THAT(report.error().message, AllOf(HasSubstr(name.string()), HasSubstr("it is not an ordinary file")));
    if (name.extension() != ".seg" && name.extension() != ".chain") {
      EXPECT_FALSE(look_at_database(dir() / "risk-manager.db"));
      const OpenStore desk{dir()};
      ASSERT_FALSE(desk.store);
      EXPECT_THAT(desk.store.error().message, HasSubstr("it is not an ordinary file"));
    }
    fs::remove(name);
    if (fs::exists(aside.path() / "kept")) fs::rename(aside.path() / "kept", name);
  }
  EXPECT_EQ(verified(dir()).problem, "");
}

TEST_F(Hidden, EndThatWasCutInTheMiddleOfARecordIsCalledCut) {
  const auto file = segment_file(dir(), last_segment());
  fs::resize_file(file, fs::file_size(file) - 20);
  EXPECT_THAT(verified(dir()).problem,
              AllOf(StartsWith("record 43 (receipt) missing"), HasSubstr("was cut off, in the middle of a record")));
}

TEST_F(Hidden, RecordsBehindAChangedOneAreNotCutOffByTheNextStart) {
  query(dir(), "UPDATE journal_mark SET sequence = 40");  // so that the start reads the newest file
  const auto file = segment_file(dir(), last_segment());
  auto bytes = samples::read_bytes(file);
  bytes[kSegmentHeader + kRecordHeader + 5] ^= std::byte{1};
  samples::write_bytes(file, bytes);
  const std::string before = verified(dir()).problem;
  EXPECT_THAT(before, HasSubstr("is altered"));
  {
    const OpenStore desk{dir(), tiny_files()};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
  }
  EXPECT_EQ(samples::read_bytes(file), bytes);
  EXPECT_EQ(verified(dir()).problem, before);
}

// ── journals of the version before ──

TEST_F(Hidden, NothingInAChainOfTheFormBeforeItFitsAndGoesOn) {
  ChainTip tip;
  for (const SegmentFile& file : list_segments(dir())) {
    const OpenedSegment segment{dir(), file.number};
    tip = segment.chain_anew({file.number, tip, segment.records.front().sequence, ChainVersion::One});
    tip.segment = file.number;
    query(dir(),
          "UPDATE journal_chain SET head = '" + hex(tip.hash) + "' WHERE segment = " + std::to_string(file.number));
  }
  auto report = verified(dir());
  EXPECT_EQ(report.problem, "");
  EXPECT_EQ(report.head.hash, tip.hash);
  const auto whole = samples::read_bytes(chain_file(dir(), last_segment()));
  fs::resize_file(chain_file(dir(), last_segment()), whole.size() - kChainEntryBytes);  // as a kill leaves it
  {
    const OpenStore desk{dir(), tiny_files()};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
    EXPECT_TRUE((*desk.store)->recovered().chain_fits) << (*desk.store)->recovered().chain;
  }
  EXPECT_EQ(samples::read_bytes(chain_file(dir(), tip.segment)), whole);
  report = verified(dir(), {tip});
  EXPECT_EQ(report.problem, "");
  OpenedSegment last{dir(), tip.segment};
  last.records.front().payload.back() ^= std::byte{1};
  last.write();
  EXPECT_THAT(verified(dir()).problem, HasSubstr("is altered: it is not what was chained"));
  last.records.front().payload.back() ^= std::byte{1};
  last.write();
  for (const std::uint64_t number : list_chains(dir())) fs::remove(chain_file(dir(), number));
  EXPECT_THAT(verified(dir()).problem,
              AllOf(StartsWith("the chain of records 1 to "), HasSubstr("is gone, and it was whole")));
}

}  // namespace
}  // namespace rm
