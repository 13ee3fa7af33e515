#include "observe/log_line.h"

#include <nlohmann/json.hpp>

namespace rm {
namespace {

using Json = nlohmann::ordered_json;

BrokerTime at(std::int64_t seconds) {
  return BrokerTime::from_seconds(1'790'000'000 + seconds);
}

const Field kFields[] = {{"account", AccountId{26'001'234}},
                         {"rule", "daily_loss"},
                         {"pnl", Money::from_cents(-100'050)},
                         {"latency_us", 81},
                         {"contract", "CON.F.US.MNQ.U26"},
                         {"verified", true},
                         {"mark", Price::from_nanos(20'950'250'000'000)},
                         {"until", at(5)},
                         {"size", Lots{-3}}};

TEST(LogLine, IsOneJsonObjectWithTypedFields) {
  const std::vector<Field> fields(std::begin(kFields), std::end(kFields));
  std::string line;
  append_json_line(line, {Level::Warning, "decision", "flatten: \"loss\"\nlimit", fields, at(0), at(1)});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto json = Json::parse(line);
  EXPECT_EQ(json["time"], format_timestamp(at(0)));
  EXPECT_EQ(json["broker_time"], format_timestamp(at(1)));
  EXPECT_EQ(json["level"], "warning");
  EXPECT_EQ(json["event"], "decision");
  EXPECT_EQ(json["message"], "flatten: \"loss\"\nlimit");
  EXPECT_EQ(json["account"], 26'001'234);
  EXPECT_EQ(json["pnl"], "-1000.50");  // money is decimal text, never a binary number
  EXPECT_EQ(json["latency_us"], 81);
  EXPECT_EQ(json["verified"], true);
  EXPECT_EQ(json["mark"], "20950.25");
  EXPECT_EQ(json["until"], format_timestamp(at(5)));
  EXPECT_EQ(json["size"], -3);
}

TEST(LogLine, WithoutBrokerTimeTheFieldIsLeftOut) {
  std::string line;
  append_json_line(line, {Level::Info, "start", "up", {}, at(0), std::nullopt});
  EXPECT_FALSE(Json::parse(line).contains("broker_time"));
}

TEST(LogLine, OfOneOfSeveralLoginsNamesIt) {
  LogEntry entry{Level::Info, "start", "up", {}, at(0), std::nullopt};
  std::string none, named, plain;
  append_json_line(none, entry);
  entry.login = "tops";
  append_json_line(named, entry);
  append_text_line(plain, entry);
  EXPECT_FALSE(Json::parse(none).contains("login"));
  EXPECT_EQ(Json::parse(named)["login"], "tops");
  EXPECT_NE(plain.find("login=tops"), std::string::npos);
}

TEST(LogLine, ForPeopleIsOneLine) {
  const std::vector<Field> fields{{"rule", "daily_loss"}, {"why", "two words"}, {"pnl", Money::from_cents(-5)}};
  std::string line;
  append_text_line(line, {Level::Error, "decision", "line\nbreak", fields, at(0), at(1)});
  EXPECT_EQ(line,
            format_timestamp(at(0)) + R"( ERROR decision: line\nbreak rule=daily_loss why="two words" pnl=-0.05)");
}

}  // namespace
}  // namespace rm
