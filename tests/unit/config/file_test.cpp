#include "config/file.h"

#include <sys/stat.h>

#include "support/as_nobody.h"
#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;

std::string problem_of(const std::string& path) {
  const auto config = load_config(path, {}, table());
  if (config) return "accepted";
  return config.error().size() == 1 ? config.error().front().text() : "more than one problem";
}

TEST(File, IsReadFromDisk) {
  const TempFolder folder;
  const auto config =
      load_config(folder.write("risk.yaml", "rules: {beta: {limit: -5}}\nlog: {dir: log}\n"), {}, table());
  ASSERT_TRUE(config);
  EXPECT_EQ(config->log.dir, folder.path() + "/log");
}

TEST(File, ThatCannotBeReadIsOneSentence) {
  const TempFolder folder;
  EXPECT_EQ(problem_of(folder.path() + "/none.yaml"), folder.path() + "/none.yaml: there is no such file");
  EXPECT_EQ(problem_of(folder.path()), folder.path() + ": it is a directory, not a file");
  EXPECT_EQ(problem_of("/dev/zero"), "/dev/zero: it is not an ordinary file");
  const std::string pipe = folder.path() + "/pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(problem_of(pipe), pipe + ": it is not an ordinary file");
  EXPECT_EQ(problem_of(""), ": there is no such file");
}

TEST(File, WithoutPermissionIsSaid) {
  const TempFolder folder;
  const std::string file = folder.write("risk.yaml", "rules: {alpha: {}}\n", 0000);
  const AsNobody nobody;
  EXPECT_EQ(problem_of(file), file + ": this user may not read it");
}

TEST(File, OfOneMebibyteIsReadAndNotAByteMore) {
  const TempFolder folder;
  const std::string start = "rules: {alpha: {}}\n#";
  const std::string full = start + std::string(kMaxConfigBytes - start.size(), 'x');
  EXPECT_EQ(problem_of(folder.write("full.yaml", full)), "accepted");
  EXPECT_THAT(problem_of(folder.write("over.yaml", full + "x")), EndsWith("it is larger than the allowed 1024 KiB"));
  EXPECT_THAT(problems(full + "x"), ElementsAre(EndsWith("it is larger than the allowed 1024 KiB")));
}

}  // namespace
}  // namespace rm::test
