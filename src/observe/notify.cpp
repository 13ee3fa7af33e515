#include "observe/notify.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include "observe/command.h"
#include "observe/log.h"
#include "observe/text.h"

namespace rm {
namespace {

std::string json_line(const Notice& notice) {
  std::string line = "{\"broker_time\":\"" + format_timestamp(notice.at) + "\",\"kind\":\"" +
                     std::string{name_of(notice.kind)} + "\"";
  if (notice.account != AccountId{}) line += ",\"account\":" + std::to_string(notice.account.value());
  if (notice.enforcement != EnforcementId{}) line += ",\"enforcement\":" + std::to_string(notice.enforcement.value());
  if (!notice.rule.empty()) {
    line += ",\"rule\":";
    append_json_string(line, notice.rule);
  }
  line += ",\"sentence\":";
  append_json_string(line, notice.sentence);
  return line + "}\n";
}

// One write per line, so that lines never mix; what the disk takes only in part counts as failed.
bool write_line(int fd, const std::string& line) {
  ssize_t written = 0;
  do written = ::write(fd, line.data(), line.size());
  while (written < 0 && errno == EINTR);
  return written == static_cast<ssize_t>(line.size());
}

}  // namespace

std::string_view name_of(NoticeKind kind) {
  switch (kind) {
    case NoticeKind::Violation:
      return "violation";
    case NoticeKind::Verified:
      return "verified";
    case NoticeKind::Escalation:
      return "escalation";
    case NoticeKind::Warning:
      return "warning";
    case NoticeKind::LockSet:
      return "lock_set";
    case NoticeKind::LockEnded:
      return "lock_ended";
    case NoticeKind::Health:
      return "health";
    case NoticeKind::Config:
      return "config";
    case NoticeKind::Incident:
      return "incident";
  }
  return "unknown";
}

struct Notifier::Impl {
  Impl(NotifierOptions chosen, int descriptor)
      : options{std::move(chosen)}, fd{descriptor}, thread{[this] { run(); }} {}
  ~Impl() {
    {
      const std::scoped_lock lock{mutex};
      stopping = true;
    }
    wake.notify_one();
    thread.join();
    ::close(fd);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void run() {
    std::unique_lock lock{mutex};
    while (true) {
      wake.wait(lock, [&] { return stopping || !queue.empty(); });
      if (queue.empty()) return;
      const Notice notice = std::move(queue.front());
      queue.pop_front();
      const bool ending = stopping;
      lock.unlock();
      deliver(notice, ending);
      lock.lock();
    }
  }

  void deliver(const Notice& notice, bool ending) {
    bool done = true;
    if (!write_line(fd, json_line(notice))) {
      done = false;
      log(Level::Error, "notification_not_written", std::strerror(errno),
          {{"kind", name_of(notice.kind)}, {"sentence", notice.sentence}});
    }
    if (!options.command.empty() && !ending) {
      auto argv = options.command;
      argv.push_back(notice.sentence);
      if (const auto ran = run_command(argv, options.command_limit); !ran) {
        done = false;
        log(Level::Error, "notification_command_failed", ran.error().message,
            {{"kind", name_of(notice.kind)}, {"sentence", notice.sentence}});
      }
    }
    (done ? delivered : failures).fetch_add(1, std::memory_order_relaxed);
  }

  NotifierOptions options;
  int fd;
  std::mutex mutex;  // held for a push or a pop, never while something is delivered
  std::condition_variable wake;
  std::deque<Notice> queue;
  bool stopping = false;
  std::atomic<std::uint64_t> failures = 0, delivered = 0;
  std::thread thread;
};

Notifier::Notifier(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Notifier::~Notifier() = default;

Result<std::unique_ptr<Notifier>> Notifier::open(NotifierOptions options) {
  const auto file = options.dir / "notifications.log";
  const int fd = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail(ErrorCode::Io, "notifications: " + file.string() + " cannot be written: " + std::strerror(errno));
  return std::unique_ptr<Notifier>{new Notifier{std::make_unique<Impl>(std::move(options), fd)}};
}

void Notifier::notify(Notice notice) {
  notice.sentence = redacted(notice.sentence);
  if (impl_->options.record) impl_->options.record(notice);
  {
    const std::scoped_lock lock{impl_->mutex};
    if (impl_->queue.size() < impl_->options.queue) {
      impl_->queue.push_back(std::move(notice));
      impl_->wake.notify_one();
      return;
    }
  }
  impl_->failures.fetch_add(1, std::memory_order_relaxed);
  log(Level::Error, "notification_dropped", "too many notifications are waiting",
      {{"kind", name_of(notice.kind)}, {"sentence", notice.sentence}});
}

std::uint64_t Notifier::failures() const {
  return impl_->failures.load(std::memory_order_relaxed);
}
std::uint64_t Notifier::delivered() const {
  return impl_->delivered.load(std::memory_order_relaxed);
}

}  // namespace rm
