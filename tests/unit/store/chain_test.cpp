#include "store/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace rm {
namespace {

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span{text.data(), text.size()});
}

TEST(Sha256, IsThatOfTheStandard) {
  Sha256Maker make;
  EXPECT_EQ(hex(make(bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(make(bytes("a"), bytes("bc")), make(bytes("abc")));
  EXPECT_EQ(hex(make({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, IsReadBackFromItsDigitsOnly) {
  const Sha256 hash = Sha256Maker{}(bytes("abc"));
  EXPECT_EQ(sha256_from_hex(hex(hash)), hash);
  EXPECT_EQ(sha256_from_hex(hex(hash).substr(1)), std::nullopt);
  EXPECT_EQ(sha256_from_hex(std::string(63, 'a') + "g"), std::nullopt);
}

TEST(ChainTip, IsAFigureThatAPersonCanKeepAndGiveBack) {
  const ChainTip tip{0, 4711, Sha256Maker{}(bytes("abc"))};
  ASSERT_TRUE(parse_tip(text_of(tip)));
  EXPECT_EQ(*parse_tip(text_of(tip)), tip);
  for (const auto& text :
       std::vector<std::string>{"", ":", "4711", "4711:", "0:" + hex(tip.hash), "x:" + hex(tip.hash),
                                "4711:" + hex(tip.hash) + "0", "47 11:" + hex(tip.hash)}) {
    const auto refused = parse_tip(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_THAT(refused.error().message, testing::HasSubstr("64 hexadecimal digits"));
  }
}

}  // namespace
}  // namespace rm
