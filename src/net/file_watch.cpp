#include "net/file_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "net/loop_impl.h"

namespace rm::net {
namespace {

constexpr std::uint32_t kOfTheFile = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB;
// The folder itself is gone, or more happened than the kernel keeps: what became of the file has to be looked at.
constexpr std::uint32_t kOfTheFolder = IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_Q_OVERFLOW;

int watch_folder(const std::filesystem::path& folder) {
  const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd >= 0 &&
      ::inotify_add_watch(fd, folder.c_str(), kOfTheFile | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR) >= 0)
    return fd;
  const std::string why = std::strerror(errno);
  if (fd >= 0) ::close(fd);
  throw std::runtime_error{"the folder " + folder.string() + " cannot be watched: " + why};
}

}  // namespace

struct FileWatch::Impl : std::enable_shared_from_this<FileWatch::Impl> {
  Impl(Loop& loop, const std::filesystem::path& path, std::function<void()> callback)
      : name{path.filename().string()},
        changed{std::move(callback)},
        kernel{loop.impl().io, watch_folder(path.parent_path())} {}

  void wait() {
    kernel.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [weak = weak_from_this()](const boost::system::error_code& error) {
                        const auto self = weak.lock();
                        if (error || !self) return;
                        self->wait();
                        if (!self->read()) return;
                        const auto callback = self->changed;  // it may destroy the watch, and with it itself
                        if (callback) callback();
                      });
  }

  // Whether any event that waits is about the file.
  bool read() {
    alignas(inotify_event) std::array<char, 4096> buffer{};
    bool ours = false;
    for (;;) {
      const ssize_t got = ::read(kernel.native_handle(), buffer.data(), buffer.size());
      if (got <= 0) return ours;
      for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(got);) {
        inotify_event event{};
        std::memcpy(&event, buffer.data() + at, sizeof event);
        const char* told = buffer.data() + at + sizeof event;  // padded with zeros
        ours = ours || (event.mask & kOfTheFolder) != 0 || (event.len > 0 && name == told);
        at += sizeof event + event.len;
      }
    }
  }

  std::string name;
  std::function<void()> changed;
  boost::asio::posix::stream_descriptor kernel;
};

FileWatch::FileWatch(Loop& loop, const std::string& path, std::function<void()> changed)
    : impl_{std::make_shared<Impl>(loop, std::filesystem::absolute(path), std::move(changed))} {
  impl_->wait();
}

FileWatch::~FileWatch() {
  impl_->changed = nullptr;
}

}  // namespace rm::net
