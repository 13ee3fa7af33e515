// Sessions from their text to instants: what is refused and how, local times over clock changes, calendars.
#include "config/print.h"
#include "config/session_tables.h"
#include "rules/rule.h"
#include "unit/config/table.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

const char* const kToday = "2026-09-01T12:00:00Z";

BrokerTime at(std::string_view time) {
  return parse_timestamp(time).value();
}

std::expected<Config, Problems> load(const std::string& section, const char* today = kToday,
                                     const std::string& more = "") {
  return load_config_text("rules: {session_block_outside: {" + section + "}}\n" + more, "/etc/risk/risk.yaml", {},
                          rule_registry(), at(today));
}

std::vector<std::string> refused(const std::string& section, const char* today = kToday) {
  const auto config = load(section, today);
  std::vector<std::string> out;
  if (config) return out;
  for (const Problem& problem : config.error()) out.push_back(problem.key + ": " + problem.message);
  return out;
}

RuleConfig loaded(const std::string& section, const char* today = kToday) {
  const auto config = load(section, today);
  if (!config) throw std::invalid_argument{config.error().front().text()};
  return rule(*config, "session_block_outside");
}

// The sessions of the account that touch these instants: "2026-09-01T13:30:00Z/2026-09-01T20:00:00Z".
std::vector<std::string> open_between(const RuleConfig& rule, std::string_view from, std::string_view to) {
  std::vector<std::string> out;
  for (const OpenTime& open : rule.sessions->everything.value().all()) {
    if (open.end > at(from) && open.begin < at(to))
      out.push_back(format_timestamp(open.begin) + "/" + format_timestamp(open.end));
  }
  return out;
}

std::vector<std::string> chicago_sessions(const std::string& sessions, std::string_view from, std::string_view to) {
  return open_between(loaded("sessions: [" + sessions + "]"), from, to);
}

const std::string kRth = R"({days: [mon, tue, wed, thu, fri], start: "08:30", end: "15:00"})";
const std::string kGlobex = R"({days: [sun, mon, tue, wed, thu], start: "17:00", end: "16:00"})";

// ── what is refused ──

struct Wrong {
  const char* section;
  const char* said;
};

TEST(Sessions, EachMistakeHasItsOwnSentence) {
  const Wrong cases[] = {
      {"", "rules.session_block_outside: found neither sessions nor per_symbol, allowed one of them or both: a list"},
      {"timezone: Chicago",
       "rules.session_block_outside.timezone: found 'Chicago', allowed a time zone like America/Chicago, did you "
       "mean "
       "America/Chicago"},
      {"timezone: [x]", "rules.session_block_outside.timezone: found a list, allowed the name of a time zone, like"},
      {"sessions: []",
       "rules.session_block_outside.sessions: found an empty list: there would never be a session, allowed a list "
       "of"},
      {"sessions: 5", "rules.session_block_outside.sessions: found '5', allowed a list of sessions, like [{days:"},
      {"sessions: [5]", "rules.session_block_outside.sessions[0]: found '5', allowed {days: [mon, fri], start: "},
      {R"(sessions: [{days: [mun], start: "08:30", end: "15:00"}])",
       "rules.session_block_outside.sessions[0].days[0]: found 'mun', allowed a list of different days out of mon, "
       "tue, wed, thu, fri, sat, sun, did you mean 'mon'"},
      {R"(sessions: [{days: [mon, mon], start: "08:30", end: "15:00"}])",
       "rules.session_block_outside.sessions[0].days[1]: found 'mon', allowed a list of different days"},
      {R"(sessions: [{days: mon, start: "08:30", end: "15:00"}])",
       "rules.session_block_outside.sessions[0].days: found 'mon', allowed a list of different days"},
      {R"(sessions: [{days: [], start: "08:30", end: "15:00"}])",
       "rules.session_block_outside.sessions[0].days: found no day: the session never opens, allowed a list"},
      {R"(sessions: [{start: "08:30", end: "15:00"}])",
       "rules.session_block_outside.sessions[0].days: found nothing, allowed a list of different days"},
      {R"(sessions: [{days: [mon], start: "8:30", end: "15:00"}])",
       "rules.session_block_outside.sessions[0].start: found '8:30', allowed a local time of day from 00:00 to "
       "23:59"},
      {R"(sessions: [{days: [mon], start: "08:30", end: "24:00"}])",
       "rules.session_block_outside.sessions[0].end: found '24:00', allowed a local time of day from 00:00 to 23:59"},
      {R"(sessions: [{days: [mon], start: "08:30"}])",
       "rules.session_block_outside.sessions[0].end: found nothing, allowed a local time of day"},
      {R"(sessions: [{days: [mon], start: "08:30", end: "15:00", strat: 1}])",
       "rules.session_block_outside.sessions[0].strat: unknown key, did you mean 'start'"},
      {R"(sessions: [{days: [mon], start: "08:30", end: "08:30"}])",
       "rules.session_block_outside.sessions[0].end: found a session of no length, from 08:30 to 08:30, allowed"},
      {R"(sessions: [{days: [mon, tue], start: "08:30", end: "15:00"}, {days: [tue], start: "14:59", end: "16:00"}])",
       "rules.session_block_outside.sessions: found sessions that overlap, tue 08:30 - 15:00 and tue 14:59 - 16:00"},
      {R"(sessions: [{days: [sun], start: "17:00", end: "16:00"}, {days: [mon], start: "15:59", end: "16:30"}])",
       "rules.session_block_outside.sessions: found sessions that overlap, sun 17:00 - 16:00 and mon 15:59 - 16:30"},
      {R"(sessions: [{days: [mon], start: "08:30", end: "15:00"}], flatten_before_end: 390m)",
       "rules.session_block_outside.flatten_before_end: found 390m, allowed less than the length of each session; "
       "mon "
       "08:30 - 15:00 lasts 390m"},
      {R"(per_symbol: {ES: []})",
       "rules.session_block_outside.per_symbol.ES: found an empty list: there would never be a session"},
      {R"(per_symbol: {"M*": [{days: [mon], start: "08:30", end: "15:00"}]})",
       "rules.session_block_outside.per_symbol.M*: found 'M*' as a symbol, allowed the product"},
      {R"(per_symbol: [ES])",
       "rules.session_block_outside.per_symbol: found a list, allowed a mapping of each symbol"},
      {R"(per_symbol: {ES: [{days: [mon], start: "08:30", end: "15:00"}, {days: [mon], start: "08:00", end: "09:00"}]})",
       "rules.session_block_outside.per_symbol.ES: found sessions that overlap, mon 08:00 - 09:00 and mon 08:30"},
      {R"(sessions: [{days: [mon], start: "08:30", end: "15:00"}], holidays: {calendar: cne})",
       "rules.session_block_outside.holidays.calendar: the calendar '/etc/risk/cne' cannot be used: /etc/risk/cne: "
       "there is no such file"},
      {R"(sessions: [{days: [mon], start: "08:30", end: "15:00"}], holidays: {calendar: ~/x})",
       "rules.session_block_outside.holidays.calendar: found '~/x', allowed none, cme, or the path"},
      {R"(sessions: [{days: [mon], start: "08:30", end: "15:00"}], holidays: {early: true})",
       "rules.session_block_outside.holidays.early: unknown key"},
  };
  for (const Wrong& wrong : cases) {
    SCOPED_TRACE(wrong.section);
    const auto said = refused(wrong.section);
    ASSERT_FALSE(said.empty());
    EXPECT_THAT(said.front(), StartsWith(wrong.said));
    EXPECT_THAT(said, SizeIs(1));
  }
}

TEST(Sessions, AProblemHasThePlaceOfItsKey) {
  const auto config = load_config_text(
      "rules:\n  session_block_outside:\n    per_symbol:\n      ES:\n        - {days: [mon], start: \"08:00\", end: "
      "\"09:00\"}\n        - {days: [mon], start: \"08:00\", end: \"10:00\"}\n",
      "risk.yaml", {}, rule_registry(), at(kToday));
  ASSERT_FALSE(config);
  ASSERT_THAT(config.error(), SizeIs(1));
  EXPECT_THAT(config.error()[0].text(),
              StartsWith("risk.yaml:5:9: rules.session_block_outside.per_symbol.ES: found"));
}

TEST(Sessions, TouchingIsNotOverlapping) {
  EXPECT_THAT(refused("sessions: [" + kRth + R"(, {days: [mon], start: "15:00", end: "08:30"}])"), IsEmpty());
  EXPECT_THAT(refused(R"(sessions: [{days: [sun], start: "22:00", end: "08:30"}, )" + kRth + "]"), IsEmpty());
  EXPECT_THAT(refused(R"(sessions: [{days: [mon, tue, wed, thu, fri, sat, sun], start: "17:00", end: "16:59"}])"),
              IsEmpty());
  EXPECT_THAT(refused("sessions: [" + kRth + "], flatten_before_end: 389m"), IsEmpty());
  EXPECT_THAT(refused("sessions: [" + kRth + R"(, {days: [sun], start: "20:00", end: "08:31"}])"), SizeIs(1))
      << "the last of the week reaches the first";
}

TEST(Sessions, ADisabledSectionMayBeUnfinished) {
  EXPECT_THAT(refused("enabled: false"), IsEmpty());
}

// ── instants ──

TEST(Sessions, LieAtLocalTimesOfTheDaysTheyName) {
  EXPECT_THAT(chicago_sessions(kRth, "2026-09-04T00:00:00Z", "2026-09-08T00:00:00Z"),
              ElementsAre("2026-09-04T13:30:00Z/2026-09-04T20:00:00Z", "2026-09-07T13:30:00Z/2026-09-07T20:00:00Z"));
  EXPECT_THAT(chicago_sessions(kGlobex, "2026-09-04T00:00:00Z", "2026-09-07T23:00:00Z"),
              ElementsAre("2026-09-03T22:00:00Z/2026-09-04T21:00:00Z", "2026-09-06T22:00:00Z/2026-09-07T21:00:00Z",
                          "2026-09-07T22:00:00Z/2026-09-08T21:00:00Z"));
  EXPECT_THAT(open_between(loaded(R"(timezone: Asia/Tokyo, sessions: [{days: [tue], start: "09:00", end: "15:00"}])"),
                           "2026-09-01T00:00:00Z", "2026-09-02T00:00:00Z"),
              ElementsAre("2026-09-01T00:00:00Z/2026-09-01T06:00:00Z"));
}

TEST(Sessions, WhereOneEndsAsTheNextBeginsNothingHappens) {
  const std::string two =
      R"({days: [tue], start: "08:30", end: "12:00"}, {days: [tue], start: "12:00", end: "15:00"})";
  EXPECT_THAT(chicago_sessions(two, "2026-09-01T00:00:00Z", "2026-09-02T00:00:00Z"),
              ElementsAre("2026-09-01T13:30:00Z/2026-09-01T20:00:00Z"));
  EXPECT_THAT(open_between(loaded("sessions: [" + two + "], flatten_before_end: 10m"), "2026-09-01T00:00:00Z",
                           "2026-09-02T00:00:00Z"),
              ElementsAre("2026-09-01T13:30:00Z/2026-09-01T16:50:00Z", "2026-09-01T17:00:00Z/2026-09-01T19:50:00Z"))
      << "each session ends earlier";
}

TEST(Sessions, StayAtTheLocalTimeOverClockChanges) {
  EXPECT_THAT(chicago_sessions(kRth, "2026-03-06T00:00:00Z", "2026-03-10T00:00:00Z"),
              ElementsAre("2026-03-06T14:30:00Z/2026-03-06T21:00:00Z", "2026-03-09T13:30:00Z/2026-03-09T20:00:00Z"));
  EXPECT_THAT(chicago_sessions(kRth, "2026-10-30T00:00:00Z", "2026-11-03T00:00:00Z"),
              ElementsAre("2026-10-30T13:30:00Z/2026-10-30T20:00:00Z", "2026-11-02T14:30:00Z/2026-11-02T21:00:00Z"));
  EXPECT_THAT(chicago_sessions(kRth, "2027-03-12T00:00:00Z", "2027-03-16T00:00:00Z"),
              ElementsAre("2027-03-12T14:30:00Z/2027-03-12T21:00:00Z", "2027-03-15T13:30:00Z/2027-03-15T20:00:00Z"));
  EXPECT_THAT(chicago_sessions(kRth, "2027-11-05T00:00:00Z", "2027-11-09T00:00:00Z"),
              ElementsAre("2027-11-05T13:30:00Z/2027-11-05T20:00:00Z", "2027-11-08T14:30:00Z/2027-11-08T21:00:00Z"));
}

TEST(Sessions, AnOvernightSessionOverTheChangeIsAnHourShorterOrLonger) {
  const std::string saturday = R"({days: [sat], start: "22:00", end: "06:00"})";
  const auto night = [&](std::string_view from, std::string_view to) { return chicago_sessions(saturday, from, to); };
  EXPECT_THAT(night("2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z"),
              ElementsAre("2026-03-08T04:00:00Z/2026-03-08T11:00:00Z"));
  EXPECT_THAT(night("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"),
              ElementsAre("2026-11-01T03:00:00Z/2026-11-01T12:00:00Z"));
  EXPECT_THAT(night("2027-03-14T00:00:00Z", "2027-03-15T00:00:00Z"),
              ElementsAre("2027-03-14T04:00:00Z/2027-03-14T11:00:00Z"));
  EXPECT_THAT(night("2027-11-07T00:00:00Z", "2027-11-08T00:00:00Z"),
              ElementsAre("2027-11-07T03:00:00Z/2027-11-07T12:00:00Z"));
}

TEST(Sessions, AStartThatDoesNotExistIsTheInstantOfTheChange) {
  // 02:30 is skipped: 01:59:59 is followed by 03:00:00, at 08:00 UTC.
  const std::string early = R"({days: [sun], start: "02:30", end: "08:00"})";
  EXPECT_THAT(chicago_sessions(early, "2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z"),
              ElementsAre("2026-03-08T08:00:00Z/2026-03-08T13:00:00Z"));
  EXPECT_THAT(chicago_sessions(early, "2027-03-14T00:00:00Z", "2027-03-15T00:00:00Z"),
              ElementsAre("2027-03-14T08:00:00Z/2027-03-14T13:00:00Z"));
  EXPECT_THAT(chicago_sessions(R"({days: [sun], start: "02:15", end: "02:45"})", "2026-03-08T00:00:00Z",
                               "2026-03-09T00:00:00Z"),
              IsEmpty())
      << "a session that the change swallows is not there that day";
}

TEST(Sessions, ATimeThatComesTwiceIsTheFirst) {
  // 01:30 comes at 06:30 UTC and again at 07:30 UTC.
  EXPECT_THAT(chicago_sessions(R"({days: [sun], start: "01:30", end: "08:00"})", "2026-11-01T00:00:00Z",
                               "2026-11-02T00:00:00Z"),
              ElementsAre("2026-11-01T06:30:00Z/2026-11-01T14:00:00Z"));
  EXPECT_THAT(chicago_sessions(R"({days: [sun], start: "00:30", end: "01:30"})", "2027-11-07T00:00:00Z",
                               "2027-11-08T00:00:00Z"),
              ElementsAre("2027-11-07T05:30:00Z/2027-11-07T06:30:00Z"));
}

TEST(Sessions, OneADayOverAllThatIsCovered) {
  const RuleConfig rule = loaded("sessions: [" + kRth + "]");
  const auto& all = rule.sessions->everything->all();
  EXPECT_LT(all.front().begin, at("2025-08-01T00:00:00Z"));
  EXPECT_GT(all.back().end, at("2029-08-01T00:00:00Z"));
  for (std::size_t i = 1; i < all.size(); ++i) ASSERT_LT(all[i - 1].end, all[i].begin);
  EXPECT_THAT(open_between(rule, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"), SizeIs(261)) << "weekdays of 2026";
}

// ── tables ──

TEST(SessionTable, IsOpenFromTheBeginToJustBeforeTheEnd) {
  const SessionTable table{{{at("2026-01-01T10:00:00Z"), at("2026-01-01T12:00:00Z")},
                            {at("2026-01-02T10:00:00Z"), at("2026-01-02T12:00:00Z")}}};
  const Duration tick{1};
  const BrokerTime begin = at("2026-01-01T10:00:00Z"), end = at("2026-01-01T12:00:00Z"),
                   next = at("2026-01-02T10:00:00Z");
  EXPECT_FALSE(table.open_at(begin - tick));
  EXPECT_TRUE(table.open_at(begin));
  EXPECT_TRUE(table.open_at(end - tick));
  EXPECT_FALSE(table.open_at(end));
  EXPECT_EQ(table.next_change(begin - tick), begin);
  EXPECT_EQ(table.next_change(begin), end);
  EXPECT_EQ(table.next_change(end), next);
  EXPECT_EQ(table.next_start(begin - tick), begin);
  EXPECT_EQ(table.next_start(begin), next);
  EXPECT_EQ(table.next_start(next), std::nullopt);
  EXPECT_EQ(table.next_change(at("2026-01-03T00:00:00Z")), std::nullopt);
  EXPECT_FALSE(SessionTable{}.open_at(begin));
}

// ── holidays ──

TEST(Sessions, HolidaysTakeOutDaysAndCutSessions) {
  const auto week = [](const std::string& more) {
    return open_between(loaded("sessions: [" + kGlobex + "], holidays: {calendar: cme" + more + "}"),
                        "2026-11-25T00:00:00Z", "2026-12-01T00:00:00Z");
  };
  EXPECT_THAT(week(""),
              ElementsAre("2026-11-24T23:00:00Z/2026-11-25T22:00:00Z",  // Tuesday evening
                          "2026-11-25T23:00:00Z/2026-11-26T18:00:00Z",  // Thanksgiving, until 12:00
                          "2026-11-26T23:00:00Z/2026-11-27T18:15:00Z",  // until 12:15
                          "2026-11-29T23:00:00Z/2026-11-30T22:00:00Z", "2026-11-30T23:00:00Z/2026-12-01T22:00:00Z"));
  EXPECT_THAT(week(", early_close: false"),
              ElementsAre("2026-11-24T23:00:00Z/2026-11-25T22:00:00Z", "2026-11-25T23:00:00Z/2026-11-26T22:00:00Z",
                          "2026-11-26T23:00:00Z/2026-11-27T22:00:00Z", "2026-11-29T23:00:00Z/2026-11-30T22:00:00Z",
                          "2026-11-30T23:00:00Z/2026-12-01T22:00:00Z"));
  // New Year's Day is closed from the evening before; trading goes on at 17:00 of the day itself.
  EXPECT_THAT(open_between(loaded("sessions: [" + kGlobex + "], holidays: {calendar: cme}"), "2025-12-31T00:00:00Z",
                           "2026-01-02T12:00:00Z"),
              ElementsAre("2025-12-30T23:00:00Z/2025-12-31T22:00:00Z", "2026-01-01T23:00:00Z/2026-01-02T22:00:00Z"));
}

TEST(Sessions, GoOnBehindAClosureInTheirMiddle) {
  // Labor Day: closed from 12:00 to 17:00.
  EXPECT_THAT(
      open_between(loaded(R"(sessions: [{days: [mon], start: "08:30", end: "08:00"}], holidays: {calendar: cme})"),
                   "2026-09-07T00:00:00Z", "2026-09-09T00:00:00Z"),
      ElementsAre("2026-09-07T13:30:00Z/2026-09-07T17:00:00Z", "2026-09-07T22:00:00Z/2026-09-08T13:00:00Z"));
}

TEST(Sessions, AnEarlyCloseIsTheEndThatFlattenBeforeEndCountsFrom) {
  EXPECT_THAT(open_between(loaded("sessions: [" + kRth + "], holidays: {calendar: cme}, flatten_before_end: 5m"),
                           "2026-11-26T00:00:00Z", "2026-11-28T00:00:00Z"),
              ElementsAre("2026-11-26T14:30:00Z/2026-11-26T17:55:00Z", "2026-11-27T14:30:00Z/2026-11-27T18:10:00Z"));
}

TEST(Sessions, ASessionThatHolidaysLeaveNothingOfNeverOpens) {
  const TempFolder folder;
  const std::string file =
      folder.write("one.yaml",
                   "timezone: UTC\nday_begins: \"17:00\"\ncovers: {from: 2026-09-01, to: 2026-09-02}\ndays:\n"
                   "  - {date: 2026-09-02, closed: all day, name: x}\n");
  const std::string section = R"(sessions: [{days: [wed], start: "08:00", end: "09:00"}], holidays: {calendar: )";
  EXPECT_THAT(
      refused(section + file + "}"),
      ElementsAre("rules.session_block_outside.sessions: found sessions that never open, allowed at least one "
                  "that does"));
}

TEST(Sessions, ACalendarHasToCoverToday) {
  const std::string section = "sessions: [" + kRth + "], holidays: {calendar: cme}";
  EXPECT_THAT(refused(section, "2024-12-31T22:59:59Z"),
              ElementsAre("rules.session_block_outside.holidays.calendar: found the calendar 'cme', which covers "
                          "2025-01-01 to 2027-12-31, allowed one that covers today, 2024-12-31"));
  EXPECT_THAT(refused(section, "2024-12-31T23:00:00Z"), IsEmpty()) << "17:00 in Chicago: the first day has begun";
  EXPECT_THAT(refused(section, "2027-12-31T22:59:59Z"), IsEmpty());
  EXPECT_THAT(refused(section, "2027-12-31T23:00:00Z"), SizeIs(1));
}

TEST(Sessions, TheEndOfACalendarIsSaidSixtyDaysBefore) {
  const auto warnings = [](const char* today) {
    return load("sessions: [" + kRth + "], holidays: {calendar: cme}", today,
                "accounts: [all, {id: 7, rules: {session_block_outside: {flatten_before_end: 1m}}}]\n")
        .value()
        .warnings;
  };
  EXPECT_THAT(warnings("2027-10-31T12:00:00Z"), IsEmpty());
  EXPECT_THAT(warnings("2027-11-01T12:00:00Z"), ElementsAre(HasSubstr("'cme' ends on 2027-12-31, in 60 days")));
  EXPECT_THAT(warnings("2027-12-30T12:00:00Z"), ElementsAre(HasSubstr("in 1 day:")));
  EXPECT_THAT(warnings("2027-12-31T12:00:00Z"), ElementsAre(HasSubstr("today")));
  EXPECT_THAT(load("sessions: [" + kRth + "]", "2027-12-31T12:00:00Z").value().warnings, IsEmpty());
}

// ── as it was written ──

TEST(Sessions, ArePrintedAsTheyWereWritten) {
  const std::string section =
      R"(timezone: Europe/Berlin, sessions: [{days: [mon, fri], start: "17:00", end: "00:00"}],)"
      R"( per_symbol: {ES: [{days: [sun], start: "08:30", end: "15:00"}], 6E: [{days: [tue], start: "01:00", end: "02:00"}]},)"
      R"( holidays: {calendar: cme, early_close: false}, flatten_before_end: 90s)";
  const Config config = load(section).value();
  const std::string printed = to_yaml(config);
  for (const char* line :
       {"    timezone: Europe/Berlin\n", "    sessions: [{days: [mon, fri], start: \"17:00\", end: \"00:00\"}]\n",
        "    per_symbol: {6E: [{days: [tue], start: \"01:00\", end: \"02:00\"}], ES: [{days: [sun], "
        "start: \"08:30\", end: \"15:00\"}]}\n",
        "    holidays:\n      calendar: cme\n      early_close: false\n", "flatten_before_end: 90s"})
    EXPECT_THAT(printed, HasSubstr(line));
  const auto again = load_config_text(printed, "/elsewhere/risk.yaml", {}, rule_registry(), at(kToday));
  ASSERT_TRUE(again) << again.error().front().text();
  EXPECT_EQ(*again, config);
  EXPECT_EQ(to_yaml(*again), printed);
}

TEST(Sessions, TheFileOfACalendarStartsAtTheFolderOfTheConfiguration) {
  const TempFolder folder;
  static_cast<void>(folder.write("mine.yaml",
                                 "timezone: UTC\nday_begins: \"00:00\"\ncovers: {from: 2026-01-01, to: 2036-12-31}\n"
                                 "days: []\n"));
  const std::string text =
      "rules: {session_block_outside: {sessions: [" + kRth + "], holidays: {calendar: mine.yaml}}}";
  const auto config = load_config_text(text, folder.path() + "/risk.yaml", {}, rule_registry(), at(kToday));
  ASSERT_TRUE(config) << config.error().front().text();
  EXPECT_THAT(to_yaml(*config), HasSubstr("calendar: " + folder.path() + "/mine.yaml\n"));
}

TEST(Sessions, AnAccountInheritsWhatItDoesNotSay) {
  const Config config =
      load("sessions: [" + kRth + "]", kToday,
           "accounts: [all, {id: 7, rules: {session_block_outside: {flatten_before_end: 30m}}}, {id: "
           "8, rules: {auth_loss_guard: {}}}]\n")
          .value();
  const auto of = [&](std::int64_t id) {
    const auto rules = config.rules_for(AccountId{id}, "");
    const auto found = std::ranges::find(rules, "session_block_outside", &RuleConfig::rule);
    return open_between(*found, "2026-09-01T00:00:00Z", "2026-09-02T00:00:00Z");
  };
  EXPECT_THAT(of(1), ElementsAre("2026-09-01T13:30:00Z/2026-09-01T20:00:00Z"));
  EXPECT_THAT(of(7), ElementsAre("2026-09-01T13:30:00Z/2026-09-01T19:30:00Z"));
  EXPECT_EQ(of(8), of(1));
}

TEST(Sessions, ARuleWithoutItsTableIsNotMade) {
  RuleConfig rule = loaded("sessions: [" + kRth + "]");
  rule.sessions.reset();
  EXPECT_THROW(static_cast<void>(find_rule(rule.rule)->make(rule)), std::logic_error);
}

}  // namespace
}  // namespace rm::test
