#include "proof.h"

namespace rm::test {

ContractTable small_gateway() {
  ContractTable contracts;
  const auto learn = [&](std::string_view id, std::string_view name, std::string_view tick, std::string_view value) {
    contracts.learn(id, name, Price::parse(tick).value().nanos(), Money::parse(value).value(), true);
  };
  learn("CON.F.US.MNQ.U26", "MNQU6", "0.25", "0.5");
  learn("CON.F.US.MES.U26", "MESU6", "0.25", "1.25");
  learn("CON.F.US.EP.U26", "ESU6", "0.25", "12.5");
  learn("CON.F.US.ENQ.U26", "NQU6", "0.25", "5");
  learn("CON.F.US.JY6.U26", "6JU6", "0.0000005", "6.25");
  learn("CON.F.US.NKD.U26", "NKDU6", "5", "25");
  return contracts;
}

const TradingCalendar& calendar() {
  static const TradingCalendar days{trading_day_resets("America/Chicago", std::chrono::hours{17},
                                                       chicago("09:30:00") - std::chrono::hours{240},
                                                       chicago("09:30:00") + std::chrono::hours{24 * 900})
                                        .value()};
  return days;
}

SelfTestReport self_tested(std::string_view rules, BrokerTime now, Guardian::Settings settings) {
  const ContractTable contracts = small_gateway();
  SelfTest test{contracts, calendar(), settings, now};
  test.prove(kGuarded, rules_from(rules, now));
  return test.report();
}

std::string not_proven(std::string_view rules, BrokerTime now) {
  const SelfTestReport report = self_tested(rules, now);
  std::string why = report.failure ? report.failure->sentence() : "";
  for (const std::string& sentence : report.unprovable) why += sentence + "; ";
  if (why.empty() && report.proven == 0) why = "no rule was tried";
  return why;
}

}  // namespace rm::test
