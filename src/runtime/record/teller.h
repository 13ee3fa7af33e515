#pragma once
// What a person hears while it happens: the live story at a terminal, and notifications.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.h"
#include "domain/time.h"
#include "observe/notify.h"

namespace rm {

// Shown live to a person at a terminal, and kept for `status`.
struct StoryLine {
  BrokerTime at;
  std::string text;
};

class Teller {
 public:
  using Story = std::function<void(const StoryLine&)>;
  explicit Teller(Notifier& notifier) : notifier_{notifier} {}  // which must outlive the teller
  void set_story(Story story) { story_ = std::move(story); }

  void tell_event(BrokerTime at, std::string text);  // at once
  void tell(BrokerTime at, std::string text);        // with the next flush()
  void flush();
  void note(NoticeKind kind, BrokerTime at, AccountId account, EnforcementId id, std::string_view rule,
            std::string text);

 private:
  Notifier& notifier_;
  Story story_;
  // Decisions come before the event they followed from: the story puts the event first.
  std::vector<StoryLine> untold_;
};

}  // namespace rm
