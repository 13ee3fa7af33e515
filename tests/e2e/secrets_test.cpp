// R32: neither the key nor a token is in anything that is written, said, or seen from outside.

#include <nlohmann/json.hpp>

#include "e2e/end_to_end.h"

namespace rm::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kSecretKey = "Kx7-never-to-be-seen-4Qz";
constexpr const char* kTokenBegin = "eyJ";  // of every token: {" in base64

class Secrets : public EndToEnd {
 protected:
  void expect_no_secret_anywhere() {
    const auto written = daemon().everything_written();
    ASSERT_THAT(written, Not(IsEmpty()));
    for (const auto& [file, text] : written) {
      EXPECT_EQ(text.find(kSecretKey), std::string::npos) << "the key is in " << file;
      EXPECT_EQ(text.find(kTokenBegin), std::string::npos) << "a token is in " << file;
    }
  }
};

TEST_F(Secrets, R32_AreInNothingThatIsWrittenWhateverGoesWrong) {
  start_paper({"--api-key", kSecretKey});
  guard(kTwoRules, {{"PROJECT_X_API_KEY", kSecretKey},
                    {"RISK_MANAGER__LOG__LEVEL", "trace"},
                    {"RISK_MANAGER__LOG__FORMAT", "both"}});
  const std::string pid = std::to_string(daemon().pid());
  EXPECT_THAT(read_text("/proc/" + pid + "/cmdline"), Not(HasSubstr(kSecretKey)));
  EXPECT_THAT(read_text("/proc/" + pid + "/limits"), testing::ContainsRegex("Max core file size +0 +0"));

  paper().fault(
      R"({"path":"/api/Position/closeContract","action":"status","status":401,"body":"Bearer refused","count":1})");
  paper().control("hub/refuse", R"({"hub":"user","seconds":1})");
  paper().control("hub/close", R"({"hub":"user","error":"token expired"})");
  paper().control("hub/close", R"({"hub":"market"})");
  lose_the_day_and_be_locked();
  EXPECT_EQ(daemon().status().dump().find(kSecretKey), std::string::npos);
  EXPECT_EQ(daemon().status().dump().find(kTokenBegin), std::string::npos);
  EXPECT_EQ(daemon().metrics().find(kSecretKey), std::string::npos);
  EXPECT_EQ(daemon().terminate().exit_code, 0);
  expect_no_secret_anywhere();
}

TEST_F(Secrets, R32_AreNotInTheWordsOfAFailedStart) {
  start_paper();
  launch(kTwoRules, {{"PROJECT_X_API_KEY", kSecretKey}});
  EXPECT_EQ(daemon().wait_end().exit_code, 1);
  expect_no_secret_anywhere();
}

TEST_F(Secrets, R32_AMessageThatEchoesTheKeyIsRedacted) {
  start_paper({"--api-key", kSecretKey});
  guard(kTwoRules, {{"PROJECT_X_API_KEY", kSecretKey}, {"RISK_MANAGER__LOG__LEVEL", "trace"}});
  paper().fault(
      std::string{
          R"({"path":"/api/Position/closeContract","action":"status","status":200,"body":{"success":false,"errorCode":3,"errorMessage":"key )"} +
      kSecretKey + R"( is not allowed"},"count":1})");
  lose_the_day_and_be_locked();
  EXPECT_TRUE(eventually([&] { return !daemon().logged("answer").empty(); }));
  EXPECT_EQ(daemon().terminate().exit_code, 0);
  expect_no_secret_anywhere();
}

TEST_F(Secrets, R32_NobodyElseMayReadWhatItKeeps) {
  guard();
  lose_the_day_and_be_locked();
  namespace fs = std::filesystem;
  const auto for_others = [](const fs::path& path) {
    return fs::status(path).permissions() & (fs::perms::group_all | fs::perms::others_all);
  };
  EXPECT_EQ(for_others(daemon().data_dir()), fs::perms::none);
  for (const auto& entry : fs::recursive_directory_iterator(daemon().data_dir()))
    EXPECT_EQ(for_others(entry.path()), fs::perms::none) << entry.path();
}

}  // namespace
}  // namespace rm::test
