#include "drill/child.h"

#include <gtest/gtest.h>

#include <csignal>

namespace rm::drill {
namespace {

// With a handler of ours, as the drill has one: until the program is executed, it is the child's too.
TEST(Child, IsEndedEvenWhenItHasOnlyJustBegun) {
  const auto before = std::signal(SIGTERM, [](int) {});
  for (int i = 0; i < 10; ++i) {
    const auto child =
        Child::start({.argv = {"/bin/sleep", "600"}, .environment = {}, .out = "/dev/null", .err = "/dev/null"});
    ASSERT_TRUE(child);
    const auto ended = (*child)->stop(std::chrono::seconds{5});
    ASSERT_TRUE(ended) << "the signal was lost";
    EXPECT_EQ(ended->signal, SIGTERM);
  }
  std::signal(SIGTERM, before);
}

}  // namespace
}  // namespace rm::drill
