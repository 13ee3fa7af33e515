#include "projectx/wire/record_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/projectx/wire_text.h"

namespace rm::projectx {
namespace {

using testing::ElementsAre;

std::vector<std::string> split(const std::vector<std::string>& messages) {
  RecordSplitter splitter;
  WireTexts wire;
  std::vector<std::string> records;
  for (const std::string& message : messages) {
    if (!splitter.feed(wire(message))) return {"too long"};
    while (const auto record = splitter.next()) {
      EXPECT_EQ(record->data()[0], record->empty() ? record->data()[0] : text_of(*record)[0]);
      records.emplace_back(text_of(*record));
    }
  }
  return records;
}

TEST(RecordSplitter, OneMessageManyRecords) {
  EXPECT_THAT(split({"{}\x1e"}), ElementsAre("{}"));
  EXPECT_THAT(split({"{}\x1e{\"type\":6}\x1e\x1e"}), ElementsAre("{}", "{\"type\":6}", ""));
  EXPECT_THAT(split({""}), ElementsAre());
}

TEST(RecordSplitter, ARecordCutAnywhereIsJoinedAgain) {
  const std::string whole = "{\"a\":1}\x1e{\"b\":2}\x1e{\"c\":3}\x1e";
  for (std::size_t first = 0; first <= whole.size(); ++first) {
    for (std::size_t second = first; second <= whole.size(); ++second) {
      EXPECT_THAT(split({whole.substr(0, first), whole.substr(first, second - first), whole.substr(second)}),
                  ElementsAre("{\"a\":1}", "{\"b\":2}", "{\"c\":3}"))
          << first << " " << second;
    }
  }
}

TEST(RecordSplitter, ARecordWithoutEndIsGivenUp) {
  const std::string megabyte(std::size_t{1} << 20, 'x');
  std::vector<std::string> messages(8, megabyte);
  EXPECT_THAT(split(messages), ElementsAre());
  messages.push_back("x\x1e");
  EXPECT_THAT(split(messages), ElementsAre("too long"));
}

TEST(RecordSplitter, ResetForgetsTheBeginning) {
  RecordSplitter splitter;
  WireTexts wire;
  ASSERT_TRUE(splitter.feed(wire("{\"half")));
  EXPECT_FALSE(splitter.next());
  splitter.reset();
  ASSERT_TRUE(splitter.feed(wire("{}\x1e")));
  EXPECT_EQ(text_of(*splitter.next()), "{}");
}

}  // namespace
}  // namespace rm::projectx
