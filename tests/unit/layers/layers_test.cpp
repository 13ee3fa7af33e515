// The real tree.
#include "layer_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::test {
namespace {

TEST(Layers, DependenciesPointOneWayAndWhatDecidesIsPure) {
  const auto problems = check_layers(RM_SOURCE_ROOT);
  for (const std::string& problem : problems) ADD_FAILURE() << problem;
}

}  // namespace
}  // namespace rm::test
