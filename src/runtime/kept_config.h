#pragma once
// The configuration that was in force when this data directory was last used, of each login.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "book/trading_day.h"
#include "config/config.h"
#include "domain/result.h"
#include "store/recovered.h"
#include "store/store.h"

namespace rm {

// A year back (a paper day may lie in the past) to three years ahead: more than one process lives. Throws
// std::runtime_error.
[[nodiscard]] TradingCalendar calendar_of(const TradingDayConfig& day);

struct KeptConfig {
  std::string login;  // empty: of a file without `logins`
  Config config;
  TradingCalendar calendar;
  BrokerTime until;  // the end of its trading day
  std::string yaml;  // as it was kept
};

// One for each login; empty when nothing is kept. Error Malformed: it cannot be understood any more, in one sentence.
[[nodiscard]] Result<std::vector<KeptConfig>> kept_configs(const Recovered& recovered);

// What was in force for this login, if its trading day still runs: its own, else (the file called it otherwise then)
// the first one's; with the rules of every account that another login had.
[[nodiscard]] std::optional<KeptConfig> kept_for(const std::vector<KeptConfig>& kept, std::string_view login,
                                                 BrokerTime now);

// Keeps what is in force for all logins in one record: what of them is not up yet is as it was. Loop thread.
class ConfigArchive {
 public:
  ConfigArchive(Store& store, const std::vector<KeptConfig>& before);
  void keep(std::string_view login, BrokerTime day, BrokerTime until, std::string yaml);

 private:
  struct Part {
    std::string login;
    BrokerTime until;
    std::string yaml;
  };
  [[nodiscard]] std::string together() const;

  Store& store_;
  std::vector<Part> parts_;
};

}  // namespace rm
