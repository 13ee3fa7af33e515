#pragma once
// What became of a configuration: taken up, refused, waiting for the next reset. Sentences come from the
// configuration; here they reach the log and people.

#include <string>
#include <string_view>
#include <vector>

#include "observe/log.h"
#include "runtime/record/teller.h"

namespace rm {

class ConfigNews {
 public:
  explicit ConfigNews(Teller& teller) : teller_{teller} {}  // which must outlive the news
  // What changed, what waits for the next reset, what waits for a start.
  void on_reloaded(std::string_view file, const std::vector<std::string>& changed,
                   const std::vector<std::string>& pending, const std::vector<std::string>& restart, BrokerTime now);
  void on_refused(std::string_view file, const std::vector<std::string>& problems, std::string_view instead,
                  BrokerTime now);
  void on_applied(const std::vector<std::string>& changed, BrokerTime now);
  void on_held(const std::vector<std::string>& pending, BrokerTime now);

 private:
  void say(Level level, std::string_view event, std::string_view file, const std::string& head,
           const std::vector<std::string>& sentences, BrokerTime now);

  Teller& teller_;
};

}  // namespace rm
