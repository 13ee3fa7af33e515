#include "config/yaml_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string refusal(const std::string& text) {
  const auto node = parse_yaml(text);
  return node ? "accepted"
              : std::to_string(node.error().line) + ":" + std::to_string(node.error().column) + " " +
                    node.error().message;
}

TEST(YamlTree, KnowsWhereEachPartStands) {
  const auto root = parse_yaml("a: 1\nb:\n  - x\n  - {c: ~}\n");
  ASSERT_TRUE(root);
  ASSERT_EQ(root->entries.size(), 2U);
  EXPECT_EQ(root->entries[0].value.text, "1");
  const Node& list = root->entries[1].value;
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(list.items[0].place.line, 3);
  EXPECT_EQ(list.items[0].place.column, 5);
  EXPECT_EQ(list.items[1].entries[0].key, "c");
  EXPECT_TRUE(list.items[1].entries[0].value.is_null());
}

TEST(YamlTree, QuotedNullIsAText) {
  EXPECT_TRUE(parse_yaml("null")->is_null());
  EXPECT_EQ(parse_yaml("\"null\"")->text, "null");
}

TEST(YamlTree, SyntaxErrorsHaveALine) {
  EXPECT_EQ(refusal("a: 1\nb: [1, 2\n"), "2:4 not YAML: the bracket that opens here is never closed");
  EXPECT_EQ(refusal("a: 1\nb: \"x\n"), "2:0 not YAML: a quote is never closed");
  EXPECT_THAT(refusal("a: 1\n\tb: 2\n"), StartsWith("2:"));
  EXPECT_THAT(refusal("a: 'open\n"), HasSubstr("not YAML"));
  EXPECT_THAT(refusal("a: b: c\n"), StartsWith("1:"));
}

TEST(YamlTree, OneDocument) {
  EXPECT_EQ(refusal("a: 1\n---\nb: 2\n"), "3:1 found a second document, allowed one");
}

TEST(YamlTree, TagsAndComplexKeysAreRefused) {
  EXPECT_THAT(refusal("a: !!python/object x\n"), HasSubstr("tag"));
  EXPECT_THAT(refusal("!mine {a: 1}\n"), HasSubstr("tag"));
  EXPECT_THAT(refusal("? [a, b]\n: 1\n"), HasSubstr("found a list or mapping as a key"));
  EXPECT_THAT(refusal("~: 1\n"), HasSubstr("found nothing as a key"));
}

TEST(YamlTree, SixteenLevelsAndNoMore) {
  const auto nested = [](int levels) {
    return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
  };
  EXPECT_EQ(refusal(nested(16)), "accepted");
  EXPECT_EQ(refusal(nested(17)), "1:17 nested more than 16 levels deep");
  EXPECT_THAT(refusal(nested(100'000)), HasSubstr("1:17 "));
}

TEST(YamlTree, AnAliasIsACopy) {
  const auto root = parse_yaml("a: &x {k: v}\nb: *x\n");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->entries[1].value.entries[0].value.text, "v");
  EXPECT_EQ(root->entries[1].value.place.line, 2);
}

TEST(YamlTree, AliasBombsAreRefused) {
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int n = 1; n < 10; ++n) laughs.append(", ").append(before);
    laughs += "]\n";
  }
  EXPECT_THAT(refusal(laughs), HasSubstr("more than 20000 values"));
  std::string wide = "a: &a " + std::string(100'000, 'x') + "\nb: [*a";
  for (int i = 0; i < 1000; ++i) wide += ", *a";
  EXPECT_THAT(refusal(wide + "]\n"), HasSubstr("aliases that stand for too much text"));
  EXPECT_THAT(refusal("a: &a [*a]\n"), HasSubstr("alias"));
  EXPECT_THAT(refusal("a: *nobody\n"), StartsWith("1:"));
}

TEST(YamlTree, ManyValuesAreRefused) {
  std::string text = "a: [";
  for (int i = 0; i < 30'000; ++i) text += "1,";
  EXPECT_THAT(refusal(text + "1]"), HasSubstr("more than 20000 values"));
}

TEST(YamlTree, TheLoaderNamesFileAndLine) {
  EXPECT_THAT(problems("rules: {alpha: {}}\nlog: [\n"),
              ElementsAre(StartsWith("/etc/risk/risk.yaml:2:6: not YAML: ")));
}

TEST(YamlTree, BytesThatAreNoTextAreRefused) {
  using namespace std::string_literals;
  EXPECT_THAT(problems("rules:\n  alpha: {}\0\n"s),
              ElementsAre("/etc/risk/risk.yaml:2: found the control character \\x00, allowed text"));
  EXPECT_THAT(problems("rules: {alpha: {note: \xff}}"),
              ElementsAre("/etc/risk/risk.yaml: found bytes that are not UTF-8, allowed text"));
  EXPECT_THAT(problems("rules: {alpha: {note: \xc0\xaf}}"), ElementsAre(HasSubstr("UTF-8")));
  EXPECT_THAT(problems("\xEF\xBB\xBFrules: {alpha: {note: \"\xC3\xA4\"}}"), ::testing::IsEmpty());
}

TEST(YamlTree, AFileThatIsNoMappingIsNotRepeated) {
  EXPECT_THAT(problems("c2VjcmV0LWtleQ==\n"),
              ElementsAre("/etc/risk/risk.yaml:1:1: found a plain value, allowed a mapping of keys to values"));
}

}  // namespace
}  // namespace rm::test
