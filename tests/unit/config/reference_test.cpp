#include "config/reference.h"

#include <fstream>
#include <sstream>

#include "config/print.h"
#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kBegin = "<!-- reference: begin -->\n";
constexpr std::string_view kEnd = "<!-- reference: end -->";

std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

// RM_WRITE_REFERENCE=1 writes the page instead of comparing it.
TEST(Reference, IsThePageInTheDocumentation) {
  const std::string path = std::string{RM_SOURCE_DIR} + "/docs/configuration.md";
  std::string page = read(path);
  const auto begin = page.find(kBegin);
  const auto end = page.find(kEnd);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const auto from = begin + kBegin.size();
  const std::string expected = reference_markdown(rule_registry());
  if (std::getenv("RM_WRITE_REFERENCE") != nullptr) std::ofstream{path} << page.replace(from, end - from, expected);
  EXPECT_EQ(page.substr(from, page.find(kEnd) - from), expected)
      << "write it anew: RM_WRITE_REFERENCE=1 config_test --gtest_filter='Reference.*'";
}

TEST(Reference, HasARowForEveryKeyOfTheCompleteConfiguration) {
  const std::string reference = reference_markdown(table());
  std::istringstream lines{to_yaml(valid("rules: {alpha: {}, beta: {limit: -1}}"))};
  int keys = 0;
  std::string group;  // "rest." inside of it: its keys have rows, it has none
  for (std::string line; std::getline(lines, line);) {
    const auto indent = line.find_first_not_of(' ');
    std::string key = line.substr(indent, line.find(':') - indent);
    const bool section = line.ends_with(':');
    if (indent < 6) group = section && indent == 4 ? key + "." : "";
    if (section && !group.empty()) continue;
    key = group + key;
    if (key == "rules") continue;
    EXPECT_THAT(reference, HasSubstr(section ? "`" + std::string{line.starts_with(' ') ? "rules." : ""} + key + "`"
                                             : "| `" + key + "` |"));
    ++keys;
  }
  EXPECT_GT(keys, 25);
}

TEST(Reference, SaysWhatIsRequiredAndWhatIsTheDefault) {
  const std::string reference = reference_markdown(table());
  EXPECT_THAT(reference,
              HasSubstr("| `limit` | an amount of money below 0, like -1000.00 | required | A required loss. |"));
  EXPECT_THAT(reference, HasSubstr("| `warn_at` | a list of whole percents from 1 to 99 in ascending order, like "
                                   "[50, 75, 90] | `[50, 75, 90]` | Percents. |"));
  EXPECT_THAT(reference, HasSubstr("Protects from alpha."));
}

}  // namespace
}  // namespace rm::test
