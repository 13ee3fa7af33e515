// The disk fails at the n-th write or sync, for n = 1, 2, … until a run meets no fault. Whatever happens, nothing
// that was recorded is lost, nothing is said to be durable that is not, and the store says that something is wrong.

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "desk.h"

namespace rm {
namespace {

using namespace std::chrono_literals;
using samples::OpenStore;
using samples::TempDir;

// SQLite's own file system with a fault: the n-th write, sync or truncation from now on fails, once or from then on.
class FaultyDisk {
 public:
  FaultyDisk() {
    base = sqlite3_vfs_find(nullptr);
    vfs = *base;
    vfs.zName = "faulty";
    vfs.szOsFile = static_cast<int>(sizeof(File)) + base->szOsFile;
    vfs.xOpen = [](sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
      auto* mine = reinterpret_cast<File*>(file);
      std::memset(mine, 0, sizeof *mine);
      const int code = base->xOpen(base, name, inner(file), flags, out);
      if (code == SQLITE_OK) {
        mine->methods = *inner(file)->pMethods;
        mine->original = inner(file)->pMethods;
        wrap(mine->methods);
        mine->base.pMethods = &mine->methods;
      }
      return code;
    };
    sqlite3_vfs_register(&vfs, 1);
  }
  ~FaultyDisk() {
    sqlite3_vfs_unregister(&vfs);
    sqlite3_vfs_register(base, 1);
  }
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  void fail_at(int n, bool once) {
    one_fault = once;
    met = 0;
    countdown = n;
  }
  void heal() { countdown = 0; }
  [[nodiscard]] int faults() const { return met; }

 private:
  struct File {
    sqlite3_file base;
    const sqlite3_io_methods* original;
    sqlite3_io_methods methods;
  };
  static sqlite3_file* inner(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(File));
  }
  static const sqlite3_io_methods& real(sqlite3_file* file) { return *reinterpret_cast<File*>(file)->original; }

  static bool fails() {
    int left = countdown.load();
    if (left <= 0) return false;
    if (left > 1) return countdown = left - 1, false;
    if (one_fault) countdown = 0;
    ++met;
    return true;
  }

  // Every method must be handed the inner file; those that change the disk ask for a fault first.
  static void wrap(sqlite3_io_methods& m) {
    m.iVersion = 2;  // without memory-mapped reading, which this does not pass on
    m.xClose = [](sqlite3_file* f) { return real(f).xClose(inner(f)); };
    m.xRead = [](sqlite3_file* f, void* to, int n, sqlite3_int64 o) { return real(f).xRead(inner(f), to, n, o); };
    m.xWrite = [](sqlite3_file* f, const void* from, int n, sqlite3_int64 o) {
      return fails() ? SQLITE_FULL : real(f).xWrite(inner(f), from, n, o);
    };
    m.xTruncate = [](sqlite3_file* f, sqlite3_int64 n) {
      return fails() ? SQLITE_IOERR_TRUNCATE : real(f).xTruncate(inner(f), n);
    };
    m.xSync = [](sqlite3_file* f, int flags) {
      return fails() ? SQLITE_IOERR_FSYNC : real(f).xSync(inner(f), flags);
    };
    m.xFileSize = [](sqlite3_file* f, sqlite3_int64* n) { return real(f).xFileSize(inner(f), n); };
    m.xLock = [](sqlite3_file* f, int l) { return real(f).xLock(inner(f), l); };
    m.xUnlock = [](sqlite3_file* f, int l) { return real(f).xUnlock(inner(f), l); };
    m.xCheckReservedLock = [](sqlite3_file* f, int* r) { return real(f).xCheckReservedLock(inner(f), r); };
    m.xFileControl = [](sqlite3_file* f, int op, void* a) { return real(f).xFileControl(inner(f), op, a); };
    m.xSectorSize = [](sqlite3_file* f) { return real(f).xSectorSize(inner(f)); };
    m.xDeviceCharacteristics = [](sqlite3_file* f) { return real(f).xDeviceCharacteristics(inner(f)); };
    m.xShmMap = [](sqlite3_file* f, int p, int n, int e, void volatile** at) {
      return real(f).xShmMap(inner(f), p, n, e, at);
    };
    m.xShmLock = [](sqlite3_file* f, int o, int n, int flags) { return real(f).xShmLock(inner(f), o, n, flags); };
    m.xShmBarrier = [](sqlite3_file* f) { real(f).xShmBarrier(inner(f)); };
    m.xShmUnmap = [](sqlite3_file* f, int d) { return real(f).xShmUnmap(inner(f), d); };
  }

  sqlite3_vfs vfs{};
  static inline sqlite3_vfs* base = nullptr;
  static inline std::atomic<int> countdown = 0, met = 0;
  static inline std::atomic<bool> one_fault = true;
};

template <class Condition>
bool eventually(const Condition& condition) {
  for (const auto until = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < until;
       std::this_thread::sleep_for(1ms)) {
    if (condition()) return true;
  }
  return false;
}

TEST(Fault, AStartThatMeetsOneEitherRefusesOrKnowsEverything) {
  FaultyDisk disk;
  int refused = 0;
  for (int n = 1;; ++n) {
    SCOPED_TRACE(n);
    const TempDir dir;
    {
      OpenStore desk{dir.path()};
      desk->record_decision(samples::decision(1, desk.contracts));
    }
    disk.fail_at(n, true);
    {
      OpenStore desk{dir.path()};
      if (desk.store) {
        EXPECT_EQ(desk->recovered().locks.size(), 2U);
      } else {
        EXPECT_THAT(desk.store.error().message, ::testing::HasSubstr("risk-manager.db"));
        ++refused;
      }
      if (disk.faults() == 0 && desk.store) break;
    }
    disk.heal();
    OpenStore again{dir.path()};
    ASSERT_TRUE(again.store) << again.store.error().message;
    EXPECT_EQ(again->recovered().locks.size(), 2U);
  }
  EXPECT_GT(refused, 0);
}

TEST(Fault, OneWhileRunningIsGotOverAndNothingIsMissing) {
  FaultyDisk disk;
  const TempDir dir;
  std::uint64_t n = 1;
  {
    OpenStore desk{dir.path()};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
    for (bool met = true; met; ++n) {  // until a decision needs fewer writes than it takes to meet the fault
      SCOPED_TRACE(n);
      disk.fail_at(static_cast<int>(n), true);
      ASSERT_NE(desk->record_decision(samples::decision(n, desk.contracts)), 0U);
      ASSERT_TRUE(eventually([&] { return desk->poll_durable() == EnforcementId{n}; }));
      met = disk.faults() > 0;
      disk.heal();
    }
    EXPECT_TRUE(desk->health().good()) << sentence(desk->health());
  }
  EXPECT_GT(n, 5U);
  OpenStore again{dir.path()};
  ASSERT_TRUE(again.store) << again.store.error().message;
  EXPECT_EQ(again->recovered().locks.size(), 2 * (n - 1));
}

TEST(Fault, ADiskThatStaysFullIsSaidAndNothingBecomesDurableUntilItHeals) {
  FaultyDisk disk;
  const TempDir dir;
  OpenStore desk{dir.path()};
  ASSERT_TRUE(desk.store) << desk.store.error().message;
  disk.fail_at(1, false);
  ASSERT_NE(desk->record_decision(samples::decision(1, desk.contracts)), 0U);
  ASSERT_TRUE(eventually([&] { return !desk->health().database_ok; }));
  EXPECT_EQ(desk->poll_durable(), std::nullopt);
  EXPECT_FALSE(desk->flush(50ms));
  EXPECT_THAT(sentence(desk->health()), ::testing::HasSubstr("database cannot be written"));
  disk.heal();
  ASSERT_TRUE(desk->flush(20s));
  EXPECT_EQ(desk->poll_durable(), EnforcementId{1});
  EXPECT_TRUE(desk->health().good()) << sentence(desk->health());
}

TEST(Fault, AProcessThatEndsWithAFailingDatabaseLeavesItToTheNext) {
  FaultyDisk disk;
  const TempDir dir;
  {
    auto options = samples::small_store();
    options.close_patience = 100ms;
    OpenStore desk{dir.path(), std::move(options)};
    ASSERT_TRUE(desk.store) << desk.store.error().message;
    disk.fail_at(1, false);
    desk->record_decision(samples::decision(1, desk.contracts));
    desk->close();
    EXPECT_LT(desk->committed_sequence(), desk->health().appended);
  }
  disk.heal();
  OpenStore again{dir.path()};
  ASSERT_TRUE(again.store) << again.store.error().message;
  EXPECT_EQ(again->recovered().locks.size(), 2U);
  EXPECT_EQ(again->recovered().replayed_records, 1U);
}

}  // namespace
}  // namespace rm
