#include "observe/redactor.h"

namespace rm {
namespace {

TEST(Redactor, ReplacesEveryOccurrenceAlsoInsideOtherText) {
  Redactor redactor;
  EXPECT_TRUE(redactor.empty());
  redactor.add("s3cr3t-key");
  EXPECT_EQ(redactor.apply("{\"apiKey\":\"s3cr3t-key\"} s3cr3t-keys3cr3t-key"), "{\"apiKey\":\"***\"} ******");
  EXPECT_EQ(redactor.apply("nothing here"), "nothing here");
}

TEST(Redactor, KnowsThePercentEncodedForm) {
  Redactor redactor;
  redactor.add("a+b/c==");
  EXPECT_EQ(redactor.apply("wss://host/hub?access_token=a%2Bb%2Fc%3D%3D&x=1"), "wss://host/hub?access_token=***&x=1");
}

TEST(Redactor, ASecretInsideALongerOneLeavesNothingOfIt) {
  Redactor redactor;
  redactor.add("token");
  redactor.add("token-with-a-tail");
  EXPECT_EQ(redactor.apply("x token-with-a-tail y token z"), "x *** y *** z");
}

TEST(Redactor, TooShortTextsWouldHideEverythingAndAreIgnored) {
  Redactor redactor;
  redactor.add("");
  redactor.add("abc");
  EXPECT_TRUE(redactor.empty());
}

}  // namespace
}  // namespace rm
