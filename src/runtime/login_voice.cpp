#include "runtime/login_voice.h"

#include <fmt/format.h>

#include <utility>

namespace rm {

LogLogin LoginVoice::say_of_it() const {
  // One broker's time has nothing to do with another's.
  if (!login_.empty() && clock_.known()) set_log_broker_time(now());
  return LogLogin{login_};
}

void LoginVoice::tell(std::string sentence) const {
  if (!login_.empty()) sentence = fmt::format("login '{}': {}", login_, sentence);
  notifier_.notify(Notice{NoticeKind::Health, now(), {}, {}, {}, std::move(sentence)});
}

void LoginVoice::tell_loudly(std::string_view event, std::string sentence) const {
  log(Level::Error, event, sentence);
  tell(std::move(sentence));
}

}  // namespace rm
