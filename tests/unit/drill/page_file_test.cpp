#include "drill/page_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "drill/scratch.h"

namespace rm::drill {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StrEq;

class PageFileTest : public testing::Test {
 protected:
  [[nodiscard]] long files() const {
    return std::distance(fs::directory_iterator{dir_->path()}, fs::directory_iterator{});
  }
  void SetUp() override { ASSERT_TRUE(write_text(page_, "the page of before")); }

  std::unique_ptr<Scratch> dir_ = *Scratch::make("page-test");
  fs::path page_ = dir_->path() / "page.html";
};

TEST_F(PageFileTest, WhatIsThereStaysUntilTheNewOneIsComplete) {
  auto page = PageFile::open(page_);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_THAT(read_text(page_), StrEq("the page of before"));
  ASSERT_TRUE((*page)->replace("the new page"));
  EXPECT_THAT(read_text(page_), StrEq("the new page"));
  page->reset();
  EXPECT_EQ(files(), 1);
}

TEST_F(PageFileTest, ARunThatIsStoppedLeavesWhatWasThereAndNothingElse) {
  auto page = PageFile::open(page_);
  ASSERT_TRUE(page);
  page->reset();
  EXPECT_THAT(read_text(page_), StrEq("the page of before"));
  EXPECT_EQ(files(), 1);
}

// The limit of a file's size stands in for a disk that is full.
TEST_F(PageFileTest, ADiskThatIsFullLeavesWhatWasThereAndSaysWhy) {
  auto page = PageFile::open(page_);
  ASSERT_TRUE(page);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto written = (*page)->replace(std::string(100'000, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, StrEq(page_.string() + " cannot be written: File too large"));
  page->reset();
  EXPECT_THAT(read_text(page_), StrEq("the page of before"));
  EXPECT_EQ(files(), 1);
}

TEST_F(PageFileTest, WhatCannotBeWrittenIsToldBeforeAnythingIsStarted) {
  const auto nowhere = PageFile::open(dir_->path() / "no" / "page.html");
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().message, HasSubstr("page.html cannot be written: No such file or directory"));
  const auto folder = PageFile::open(dir_->path());
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().message, HasSubstr("cannot be written: Is a directory"));
}

TEST_F(PageFileTest, ALinkStaysALinkAndAFileKeepsItsMode) {
  fs::permissions(page_, fs::perms{0640});
  const fs::path link = dir_->path() / "link.html";
  fs::create_symlink(page_, link);
  auto page = PageFile::open(link);
  ASSERT_TRUE(page);
  ASSERT_TRUE((*page)->replace("the new page"));
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_THAT(read_text(page_), StrEq("the new page"));
  EXPECT_EQ(fs::status(page_).permissions(), fs::perms{0640});
}

TEST_F(PageFileTest, WhatIsNoFileIsWrittenDirectly) {
  auto full = PageFile::open("/dev/full");
  ASSERT_TRUE(full) << full.error().message;
  const auto lost = (*full)->replace("page");
  ASSERT_FALSE(lost);
  EXPECT_THAT(lost.error().message, HasSubstr("/dev/full cannot be written: No space left on device"));
  full->reset();
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

}  // namespace
}  // namespace rm::drill
