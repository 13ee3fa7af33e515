// Loaded before a program, it kills it at the instant at which the first byte of its RM_TEST_DIES_BEFORE_REQUEST-th
// closing or cancelling request would leave. What the program had written before is written, the request is not sent.

#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string_view>

namespace {

bool acts(std::string_view bytes) {
  for (const std::string_view path :
       {"/api/Position/closeContract", "/api/Position/partialCloseContract", "/api/Order/cancel"}) {
    if (bytes.starts_with("POST ") && bytes.substr(5).starts_with(path)) return true;
  }
  return false;
}

void look(const void* bytes, std::size_t size) {
  static int left = [] {
    const char* number = std::getenv("RM_TEST_DIES_BEFORE_REQUEST");
    return number == nullptr ? 0 : std::atoi(number);
  }();
  if (left > 0 && acts({static_cast<const char*>(bytes), size}) && --left == 0) kill(getpid(), SIGKILL);
}

}  // namespace

extern "C" ssize_t send(int socket, const void* bytes, size_t size, int flags) {
  static const auto real = reinterpret_cast<ssize_t (*)(int, const void*, size_t, int)>(dlsym(RTLD_NEXT, "send"));
  look(bytes, size);
  return real(socket, bytes, size, flags);
}

extern "C" ssize_t sendmsg(int socket, const msghdr* message, int flags) {
  static const auto real = reinterpret_cast<ssize_t (*)(int, const msghdr*, int)>(dlsym(RTLD_NEXT, "sendmsg"));
  for (std::size_t i = 0; i < message->msg_iovlen; ++i)
    look(message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
  return real(socket, message, flags);
}
