#include "store/journal.h"

#include <sys/resource.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <thread>

#include "samples.h"
#include "store/journal_files.h"

namespace rm {
namespace {

using samples::TempDir;

constexpr std::size_t kSegment = 16 << 10;

std::uint64_t append(Journal& journal, std::string_view text) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto room = journal.room();
    if (room.size() >= text.size()) {
      std::memcpy(room.data(), text.data(), text.size());
      return journal.commit(RecordType::Note, text.size());
    }
    if (!journal.next_segment()) return 0;
  }
  return 0;
}

std::string text_of(const JournalRecord& record) {
  return {reinterpret_cast<const char*>(record.payload.data()), record.payload.size()};
}

std::vector<std::string> texts_on_disk(const std::filesystem::path& dir, std::uint64_t after = 0) {
  std::vector<std::string> texts;
  EXPECT_TRUE(read_journal(dir, after, [&](const JournalRecord& record) { texts.push_back(text_of(record)); }));
  return texts;
}

std::unique_ptr<Journal> open_journal(const TempDir& dir, std::uint64_t segment = 1, std::uint64_t sequence = 1,
                                      JournalOptions options = {kSegment, 2, 4}) {
  auto journal = Journal::open(dir.path(), segment, sequence, options);
  EXPECT_TRUE(journal) << journal.error().message;
  return std::move(*journal);
}

// Files larger than this cannot be made: what a full disk does to a preallocation, at a moment of the test's
// choosing.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    before_signal_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit tight{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &tight);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, before_signal_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*before_signal_)(int) = nullptr;
};

TEST(Journal, WhatIsAppendedIsInTheFileAtOnce) {
  const TempDir dir;
  const auto journal = open_journal(dir);
  EXPECT_EQ(append(*journal, "one"), 1U);
  EXPECT_EQ(append(*journal, "two"), 2U);
  EXPECT_THAT(texts_on_disk(dir.path()), ::testing::ElementsAre("one", "two"));  // nothing was flushed or closed
  EXPECT_THAT(texts_on_disk(dir.path(), 1), ::testing::ElementsAre("two"));
}

TEST(Journal, GoesOnInTheNextFileAndKeepsOrder) {
  const TempDir dir;
  const auto journal = open_journal(dir);
  const std::string line(1000, 'x');
  for (std::uint64_t i = 1; i <= 100; ++i) {
    ASSERT_EQ(append(*journal, line + std::to_string(i)), i);
    journal->prepare();
  }
  EXPECT_GT(list_segments(dir.path()).size(), 5U);
  const auto texts = texts_on_disk(dir.path());
  ASSERT_EQ(texts.size(), 100U);
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(texts[i], line + std::to_string(i + 1));
  EXPECT_EQ(texts_on_disk(dir.path(), 95).size(), 5U);
}

TEST(Journal, TheReaderSeesEveryRecordOnceAndAgainAfterRewind) {
  const TempDir dir;
  const auto journal = open_journal(dir);
  for (const auto* text : {"a", "b", "c"}) append(*journal, text);
  std::string seen;
  const auto collect = [&](const JournalRecord& record) { seen += text_of(record); };
  EXPECT_EQ(journal->read(2, collect), 2U);
  journal->rewind();
  EXPECT_EQ(journal->read(2, collect), 2U);
  journal->release();
  EXPECT_EQ(journal->read(10, collect), 1U);
  EXPECT_EQ(journal->read(10, collect), 0U);
  EXPECT_EQ(seen, "ababc");
}

TEST(Journal, KeepsOnlySoManyFinishedFiles) {
  const TempDir dir;
  const auto journal = open_journal(dir);
  for (int i = 0; i < 200; ++i) {
    ASSERT_NE(append(*journal, std::string(1000, 'x')), 0U);
    journal->prepare();
    journal->read(10, [](const JournalRecord&) {});
    journal->release();
  }
  EXPECT_LE(list_segments(dir.path()).size(), 2U + 4U);  // kept, in use, ready
}

TEST(Journal, WithoutANextSegmentARecordIsRefusedAndLaterOnesStillFit) {
  const TempDir dir;
  const auto journal = open_journal(dir);
  EXPECT_EQ(append(*journal, std::string(kSegment * 2, 'x')), 0U);  // fits nowhere, and used up what was ready
  EXPECT_EQ(append(*journal, "small"), 1U);
  EXPECT_THAT(texts_on_disk(dir.path()), ::testing::ElementsAre("small"));
}

TEST(Journal, ARefusingDiskIsReplacedByMemoryAndTakenUpAgain) {
  const TempDir dir;
  const auto journal = open_journal(dir);
  std::uint64_t appended = 0, read = 0;
  const auto append_one = [&] {
    if (append(*journal, std::string(1000, 'x')) != 0) ++appended;
  };
  const auto tend = [&] {
    const int code = journal->prepare();
    read += journal->read(100, [](const JournalRecord&) {});
    journal->release();
    return code;
  };
  {
    const FileSizeLimit full{kSegment / 2};
    for (int i = 0; i < 100; ++i) {
      append_one();
      tend();
    }
    EXPECT_EQ(tend(), EFBIG);
  }
  EXPECT_EQ(appended, 100U);
  EXPECT_EQ(read, 100U);
  const auto in_files = texts_on_disk(dir.path()).size();
  EXPECT_LT(in_files, 100U);
  EXPECT_EQ(tend(), 0);
  append_one();  // at once on disk again, although the piece of memory is not full
  EXPECT_EQ(texts_on_disk(dir.path()).size(), in_files + 1);
}

TEST(Journal, MemoryIsBoundedWhenNobodyReads) {
  const TempDir dir;
  const auto journal = open_journal(dir);
  const FileSizeLimit full{kSegment / 2};
  int refused = 0;
  for (int i = 0; i < 200; ++i) {
    if (append(*journal, std::string(1000, 'x')) == 0) ++refused;
    journal->prepare();
  }
  EXPECT_GT(refused, 100);  // two files and two pieces of memory were filled
  EXPECT_LT(refused, 160);
}

TEST(Journal, OpeningOnAFullDiskIsRefusedWithASentence) {
  const TempDir dir;
  const FileSizeLimit full{kSegment / 2};
  const auto journal = Journal::open(dir.path(), 1, 1, {kSegment, 2, 4});
  ASSERT_FALSE(journal);
  EXPECT_THAT(journal.error().message, ::testing::HasSubstr("no room for a journal file of 16384 bytes"));
  EXPECT_TRUE(list_segments(dir.path()).empty());
}

TEST(Journal, OneThreadAppendsWhileAnotherReads) {
  const TempDir dir;
  const auto journal = open_journal(dir);
  constexpr std::uint64_t kRecords = 20'000;
  std::uint64_t next = 1;
  bool in_order = true;
  std::thread tending{[&] {
    while (next <= kRecords) {
      journal->prepare();
      journal->read(64, [&](const JournalRecord& record) {
        in_order &= record.sequence == next && text_of(record) == "record " + std::to_string(next), ++next;
      });
      journal->release();
    }
  }};
  for (std::uint64_t i = 1; i <= kRecords; ++i) {
    while (append(*journal, "record " + std::to_string(i)) == 0) std::this_thread::yield();
  }
  tending.join();
  EXPECT_TRUE(in_order);
  EXPECT_EQ(journal->last_sequence(), kRecords);
}

TEST(JournalFiles, ATornTailIsCutAndTheNextFileIsStillRead) {
  const TempDir dir;
  {
    const auto journal = open_journal(dir);
    append(*journal, "whole");
    append(*journal, "torn later");
  }
  std::filesystem::resize_file(segment_file(dir.path(), 1),
                               std::filesystem::file_size(segment_file(dir.path(), 1)) - 12);
  {
    const auto journal = open_journal(dir, 3, 3);
    append(*journal, "after the crash");
  }
  EXPECT_THAT(texts_on_disk(dir.path()), ::testing::ElementsAre("whole", "after the crash"));
  const auto scan = read_journal(dir.path(), 0, [](const JournalRecord&) {});
  ASSERT_TRUE(scan);
  EXPECT_GT(scan->cut_bytes, 0U);
}

TEST(JournalFiles, AFinishedFileHoldsNothingButRecords) {
  const TempDir dir;
  {
    append(*open_journal(dir), "one");
  }
  const auto files = list_segments(dir.path());
  ASSERT_EQ(files.size(), 1U);  // the one prepared ahead is gone
  EXPECT_EQ(std::filesystem::file_size(files[0].path), kSegmentHeader + kRecordHeader + 8);
}

TEST(JournalFiles, AFileWhoseMakerWasKilledBeforeItsFirstByteIsRemoved) {
  const TempDir dir;
  {
    append(*open_journal(dir), "one");
  }
  for (const std::uintmax_t size : {std::uintmax_t{0}, std::uintmax_t{kSegment}}) {
    const auto file = segment_file(dir.path(), 2);
    std::ofstream{file};
    std::filesystem::resize_file(file, size);
    trim_segments(dir.path(), 1);
    EXPECT_FALSE(std::filesystem::exists(file)) << size;
  }
  EXPECT_THAT(texts_on_disk(dir.path()), ::testing::ElementsAre("one"));
}

TEST(JournalFiles, ForeignFilesAreLeftAlone) {
  const TempDir dir;
  std::ofstream{dir.path() / "journal-000000000007.seg"} << "this is not a journal, it is a letter";
  std::ofstream{dir.path() / "journal-.seg"} << "x";
  std::ofstream{dir.path() / "journal-12x.seg"} << "x";
  EXPECT_EQ(list_segments(dir.path()).size(), 1U);
  EXPECT_TRUE(texts_on_disk(dir.path()).empty());
  trim_segments(dir.path(), 0);
  EXPECT_EQ(std::filesystem::file_size(dir.path() / "journal-000000000007.seg"), 37U);
}

}  // namespace
}  // namespace rm
