// Linked with one source of the path in which one link is cut: the self-test has to say which link that is. Exit code
// 0 when it does.
#include <cstdio>

#include "cut_main.h"
#include "proof.h"

int main() {
  using namespace rm;
  const SelfTestReport report = test::self_tested(test::kAllRules);
  const std::string said = report.failure ? report.failure->sentence() : "every rule is proven";
  std::printf("%s\n", said.c_str());
  const bool right = report.failure && name_of(report.failure->missing.link) == test::kCutLink &&
                     report.failure->rule == test::kCutRule;
  if (!right) std::printf("expected: the link '%s' of %s\n", test::kCutLink, test::kCutRule);
  return right ? 0 : 1;
}
