#pragma once
// The configurations that a journal tells of, as they are handed out: without what is secret, and only where they
// counted.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/record.h"

namespace rm {

// The configuration in a record, as it is handed out; empty: the record holds none.
struct SharedConfig {
  std::string yaml;
  bool secret = false;  // the record itself has something that is not handed out
  bool readable = true;
};
[[nodiscard]] std::optional<SharedConfig> config_in(const JournalRecord& record);

// What is in force at a record: of each login of the program the latest.
class ConfigsInForce {
 public:
  void take(const JournalRecord& record, const std::optional<SharedConfig>& config);
  // Those that were not given out yet: the number of the record and the text.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::string>> newly_in_force();

 private:
  bool begins_ = false;  // a run has, and says next of which login it is
  std::string login_;
  std::map<std::string, std::pair<std::uint64_t, std::string>> latest_;
  std::set<std::uint64_t> given_;
};

}  // namespace rm
