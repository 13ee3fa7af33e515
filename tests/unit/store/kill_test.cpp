// kill -9 at any instant: whatever the process had said before is there when the next one starts.

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <thread>

#include "desk.h"
#include "store/journal_files.h"

namespace rm {
namespace {

using samples::at;
using samples::kAccount;
using samples::OpenStore;
using samples::query;
using samples::TempDir;

// What the child says over its pipe: the highest numbers that the store took over. Trades are numbered without a
// hole.
struct Said {
  std::uint64_t decisions = 0, trades = 0;
};

// Records without end and says so after each round.
void record_and_say(OpenStore& desk, std::uint64_t first, int pipe) {
  const ContractId mnq = desk.contracts.intern(samples::kMnq);
  Said said{first - 1, desk->recovered().trades.size()};
  const auto until_taken = [](const auto& record) {
    while (record() == 0) std::this_thread::yield();  // the small journal of this test is full now and then
  };
  for (std::uint64_t i = first;; ++i) {
    until_taken([&] { return desk->record_decision(samples::decision(i, desk.contracts)); });
    said.decisions = i;
    for (int k = 0; k < 5; ++k) {
      until_taken(
          [&] { return desk->record_trade(samples::trade(static_cast<std::int64_t>(said.trades + 1), mnq)); });
      ++said.trades;
    }
    if (::write(pipe, &said, sizeof said) != sizeof said) return;
  }
}

// Records three decisions, says so, and waits to be killed.
void record_a_little(OpenStore& desk, std::uint64_t first, int pipe) {
  for (std::uint64_t i = first; i < first + 3; ++i) desk->record_decision(samples::decision(i, desk.contracts));
  const Said said{first + 2, 0};
  if (::write(pipe, &said, sizeof said) == sizeof said) ::pause();
}

// A clock that is set again and again; it is said which one was taken over last.
void record_clocks_and_say(OpenStore& desk, std::uint64_t first, int pipe) {
  const ContractId mnq = desk.contracts.intern(samples::kMnq);
  for (std::uint64_t i = first;; ++i) {
    const RunningClock clock[]{{mnq, at(static_cast<std::int64_t>(i))}};
    while (desk->record_clocks(kAccount, "daily_loss", clock) == 0) std::this_thread::yield();
    const Said said{i, 0};
    if (::write(pipe, &said, sizeof said) != sizeof said) return;
  }
}

// Runs a child for a while, kills it, returns the last thing it said.
template <class Work>
Said run_and_kill(const std::filesystem::path& dir, std::uint64_t first, std::chrono::microseconds life,
                  const Work& work) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    OpenStore desk{dir};
    if (desk.store) work(desk, first, ends[1]);
    ::_exit(1);  // it is meant to be killed
  }
  ::close(ends[1]);
  Said last;
  EXPECT_EQ(::read(ends[0], &last, sizeof last), static_cast<ssize_t>(sizeof last)) << "the child said nothing";
  std::thread reader{[&] {  // so that the child never waits for room in the pipe
    Said next;
    while (::read(ends[0], &next, sizeof next) == static_cast<ssize_t>(sizeof next)) last = next;
  }};
  std::this_thread::sleep_for(life);  // any instant will do: nothing depends on which
  ::kill(pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
  reader.join();
  ::close(ends[0]);
  return last;
}

TEST(Kill, LosesNoLockNoDecisionAndNoTradeThatWasSaid) {
  const TempDir dir;
  std::mt19937 random{20260902};
  std::uint64_t next = 1, replayed = 0;
  for (int round = 0; round < 6; ++round) {
    SCOPED_TRACE(round);
    const Said said = run_and_kill(dir.path(), next, std::chrono::microseconds{random() % 8'000}, record_and_say);
    OpenStore desk{dir.path()};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
    replayed += desk->recovered().replayed_records;
    ASSERT_GE(desk->recovered().next_enforcement.value(), said.decisions + 1);
    ASSERT_EQ(desk->recovered().enforcements.size(),
              desk->recovered().next_enforcement.value() - 1);  // every one, not only the last
    ASSERT_EQ(desk->recovered().locks.size(), 2 * desk->recovered().enforcements.size());
    ASSERT_GE(desk->recovered().trades.size(), said.trades);
    for (std::size_t i = 0; i < desk->recovered().trades.size(); ++i)
      ASSERT_EQ(desk->recovered().trades[i].id.value(), static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(desk->health().records_skipped, 0U);
    next = desk->recovered().next_enforcement.value();
  }
  EXPECT_GT(replayed, 0U) << "no round had anything that was in the journal alone: the test shows nothing";
}

TEST(Kill, LosesNoClockThatWasSaid) {
  const TempDir dir;
  std::mt19937 random{20260903};
  std::uint64_t next = 1;
  for (int round = 0; round < 4; ++round) {
    SCOPED_TRACE(round);
    const Said said =
        run_and_kill(dir.path(), next, std::chrono::microseconds{random() % 8'000}, record_clocks_and_say);
    OpenStore desk{dir.path()};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
    ASSERT_EQ(desk->recovered().clocks.size(), 1U);
    EXPECT_GE(desk->recovered().clocks[0].clock.since, at(static_cast<std::int64_t>(said.decisions)));
    EXPECT_EQ(desk->recovered().clocks[0].rule, "daily_loss");
    next = said.decisions + 2;
  }
}

TEST(Kill, FilesLeftAtFullSizeAreCut) {
  const TempDir dir;
  run_and_kill(dir.path(), 1, {}, record_a_little);
  bool full = false;
  for (const auto& file : list_segments(dir.path()))
    full |= std::filesystem::file_size(file.path) == samples::small_store().segment_bytes;
  EXPECT_TRUE(full);
  {
    OpenStore again{dir.path()};
  }
  for (const auto& file : list_segments(dir.path()))
    EXPECT_LT(std::filesystem::file_size(file.path), samples::small_store().segment_bytes);
}

}  // namespace
}  // namespace rm
