#include "net/file_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "run_until.h"

namespace rm::net {
namespace {

namespace fs = std::filesystem;
using test::run_until;

class FileWatched : public testing::Test {
 protected:
  FileWatched() {
    std::string pattern = (fs::temp_directory_path() / "rm-watch-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    write("risk.yaml");
    watch_ = std::make_unique<FileWatch>(loop_, (folder_ / "risk.yaml").string(), [this] { ++told_; });
  }
  ~FileWatched() override { fs::remove_all(folder_); }

  void write(const std::string& name) { std::ofstream{folder_ / name} << "text"; }
  [[nodiscard]] bool tells(const std::function<void()>& what) {
    told_ = 0;
    what();
    return run_until(loop_, [this] { return told_ > 0; });
  }

  Loop loop_;
  fs::path folder_;
  int told_ = 0;
  std::unique_ptr<FileWatch> watch_;
};

TEST_F(FileWatched, TellsOfWritingReplacingRemovingAndMakingAnew) {
  EXPECT_TRUE(tells([&] { write("risk.yaml"); }));
  EXPECT_TRUE(tells([&] {
    write("new");
    fs::rename(folder_ / "new", folder_ / "risk.yaml");
  }));
  EXPECT_TRUE(tells([&] { write("risk.yaml"); })) << "after the rename it is another file";
  EXPECT_TRUE(tells([&] { fs::permissions(folder_ / "risk.yaml", fs::perms::owner_read); }));
  EXPECT_TRUE(tells([&] { fs::rename(folder_ / "risk.yaml", folder_ / "old"); }));
  EXPECT_TRUE(tells([&] { write("risk.yaml"); }));
  EXPECT_TRUE(tells([&] { fs::remove(folder_ / "risk.yaml"); }));
  EXPECT_TRUE(tells([&] { fs::remove_all(folder_); }));
}

TEST_F(FileWatched, IsSilentAboutOtherFilesOfTheFolder) {
  write("risk.yaml.swp");
  write("risk");
  fs::remove(folder_ / "risk");
  while (loop_.run_one_for(std::chrono::milliseconds{100})) {
  }
  EXPECT_EQ(told_, 0);
}

TEST_F(FileWatched, MayBeDestroyedByItsOwnCallbackAndIsSilentAfterwards) {
  int told = 0;
  watch_ = std::make_unique<FileWatch>(loop_, (folder_ / "risk.yaml").string(), [&] {
    ++told;
    watch_.reset();
  });
  write("risk.yaml");
  EXPECT_TRUE(run_until(loop_, [&] { return watch_ == nullptr; }));
  const int before = told;
  EXPECT_EQ(before, 1);
  write("risk.yaml");
  while (loop_.run_one_for(std::chrono::milliseconds{100})) {
  }
  EXPECT_EQ(told, before);
}

TEST(FileWatch, AFolderThatIsNotThereIsAnError) {
  Loop loop;
  EXPECT_THROW((FileWatch{loop, "/nowhere/risk.yaml", [] {}}), std::runtime_error);
}

}  // namespace
}  // namespace rm::net
