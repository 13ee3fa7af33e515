#include "runtime/record/config_news.h"

#include <fmt/format.h>

namespace rm {

void ConfigNews::on_reloaded(std::string_view file, const std::vector<std::string>& changed,
                             const std::vector<std::string>& pending, const std::vector<std::string>& restart,
                             BrokerTime now) {
  std::vector<std::string> all = changed;
  all.insert(all.end(), pending.begin(), pending.end());
  all.insert(all.end(), restart.begin(), restart.end());
  if (all.empty()) {
    log(Level::Info, "config_reloaded", "the configuration was read again: nothing is different", {{"file", file}});
    return;
  }
  say(Level::Warning, "config_reloaded", file, "the configuration was read again", all, now);
}

void ConfigNews::on_refused(std::string_view file, const std::vector<std::string>& problems, std::string_view instead,
                            BrokerTime now) {
  // Each on a line of its own, as check-config says them; a person gets them together.
  for (const std::string& problem : problems) log(Level::Error, "config_problem", problem, {{"file", file}});
  say(Level::Error, "config_refused", file, "the configuration is REFUSED, " + std::string{instead}, problems, now);
}

void ConfigNews::on_applied(const std::vector<std::string>& changed, BrokerTime now) {
  say(Level::Warning, "config_applied", {}, "a new trading day: what waited for it counts", changed, now);
}

void ConfigNews::on_held(const std::vector<std::string>& pending, BrokerTime now) {
  say(Level::Warning, "config_held", {},
      "the configuration is looser than what this trading day began with, which stays in force until the "
      "next reset",
      pending, now);
}

void ConfigNews::say(Level level, std::string_view event, std::string_view file, const std::string& head,
                     const std::vector<std::string>& sentences, BrokerTime now) {
  const std::string text = sentences.empty() ? head : fmt::format("{}: {}", head, fmt::join(sentences, "; "));
  log(level, event, text, {{"file", file}, {"count", sentences.size()}});
  teller_.tell(now, head);
  for (const std::string& line : sentences) teller_.tell(now, "  " + line);
  teller_.note(NoticeKind::Config, now, {}, {}, {}, text);
  teller_.flush();
}

}  // namespace rm
