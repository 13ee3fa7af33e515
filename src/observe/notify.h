#pragma once
// A person learns why: one sentence for each violation, verification and escalation. Written to notifications.log (a
// JSON line each) and handed to a command, off the loop thread. notify() never waits for a disk or a command.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "domain/ids.h"
#include "domain/result.h"
#include "domain/time.h"

namespace rm {

enum class NoticeKind : std::uint8_t {
  Violation,
  Verified,
  Escalation,
  Warning,
  LockSet,
  LockEnded,
  Health,
  Config,
  Incident
};
[[nodiscard]] std::string_view name_of(NoticeKind kind);  // "violation"

struct Notice {
  NoticeKind kind{};
  BrokerTime at;
  AccountId account;          // 0: none
  EnforcementId enforcement;  // 0: none
  std::string rule;           // empty: none
  std::string sentence;       // rule, limit, value, what was done, when the lock ends
};

struct NotifierOptions {
  std::filesystem::path dir;  // of notifications.log; must exist
  std::vector<std::string>
      command;  // argv; the sentence is added as the last argument; empty: no command. Started without a shell
  std::chrono::milliseconds command_limit{10'000};  // after that it is killed
  std::size_t queue = 1024;                         // notices waiting; beyond it the newest is dropped and counted
  std::function<void(const Notice&)> record;        // called inside notify(), on its thread: the database row
};

class Notifier {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Notifier>> open(
      NotifierOptions options);  // Error Io: the file cannot be written
  ~Notifier();  // delivers what is queued; a command gets command_limit at most, those still queued are then only
                // written to the file
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  void notify(Notice notice);
  [[nodiscard]] std::uint64_t failures()
      const;  // lines not written, commands that failed, notices dropped. Any thread
  [[nodiscard]] std::uint64_t delivered()
      const;  // written to the file and, where there is one, through the command. Any thread

 private:
  struct Impl;
  explicit Notifier(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rm
