#include "runtime/record/teller.h"

namespace rm {

void Teller::tell_event(BrokerTime at, std::string text) {
  if (story_) story_(StoryLine{at, std::move(text)});
}

void Teller::tell(BrokerTime at, std::string text) {
  if (story_) untold_.push_back(StoryLine{at, std::move(text)});
}

void Teller::flush() {
  for (const StoryLine& line : untold_) story_(line);
  untold_.clear();
}

void Teller::note(NoticeKind kind, BrokerTime at, AccountId account, EnforcementId id, std::string_view rule,
                  std::string text) {
  notifier_.notify(Notice{kind, at, account, id, std::string{rule}, std::move(text)});
}

}  // namespace rm
