#include "net/unix_server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <list>
#include <stdexcept>
#include <utility>

#include "net/loop_impl.h"

namespace rm::net {
namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

namespace {

constexpr std::size_t max_line = 64 * 1024;
constexpr std::size_t max_clients = 16;
constexpr std::int64_t patience_ns = 5'000'000'000;
constexpr std::int64_t accept_retry_ns = 100'000'000;
constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw std::runtime_error("no local socket at '" + path + "': " + why);
}

// The socket of a dead process is removed; anything else that is in the way is left alone.
void make_way(asio::io_context& io, const std::string& path) {
  struct stat found{};
  if (::lstat(path.c_str(), &found) != 0) return;
  if (!S_ISSOCK(found.st_mode)) refuse(path, "something that is not a socket is there");
  stream_protocol::socket probe{io};
  error_code error;
  probe.connect(stream_protocol::endpoint{path}, error);
  if (!error) refuse(path, "another process answers there");
  if (error != asio::error::connection_refused) refuse(path, error.message());
  if (::unlink(path.c_str()) != 0) refuse(path, "the socket left behind there cannot be removed");
}

}  // namespace

struct UnixServer::Impl : std::enable_shared_from_this<Impl> {
  struct Client {
    Client(Loop& loop, stream_protocol::socket s, std::function<void()> give_up)
        : socket{std::move(s)}, timer{loop, std::move(give_up)} {}
    stream_protocol::socket socket;
    Loop::Timer timer;
    std::array<char, 4096> chunk{};
    std::string line;
    std::string answer;
  };
  using ClientPtr = std::shared_ptr<Client>;

  Impl(Loop& l, std::string p, Handler h)
      : loop{l}, path{std::move(p)}, handler{std::move(h)}, acceptor{l.impl().io}, retry{l, [this] { accept(); }} {}

  void listen();
  void accept();
  void begin(stream_protocol::socket socket);
  void read(const ClientPtr& client);
  void got(const ClientPtr& client, std::size_t bytes);
  void answer(const ClientPtr& client, std::string_view line);
  void drop(const ClientPtr& client);
  void stop();

  Loop& loop;
  std::string path;
  Handler handler;
  stream_protocol::acceptor acceptor;
  Loop::Timer retry;
  std::list<ClientPtr> clients;
  struct stat made{};
  bool accepting = false;
  bool stopped = false;
};

void UnixServer::Impl::listen() {
  if (path.size() > longest_path) refuse(path, "the path is longer than " + std::to_string(longest_path) + " bytes");
  make_way(loop.impl().io, path);
  error_code error;
  acceptor.open(stream_protocol{}, error);
  // Before bind(): Linux makes the file with the mode of the socket, so that it is never open to others, not even for
  // a moment.
  if (!error && ::fchmod(acceptor.native_handle(), 0600) != 0) error.assign(errno, boost::system::system_category());
  if (!error) acceptor.bind(stream_protocol::endpoint{path}, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) refuse(path, error.message());
  ::lstat(path.c_str(), &made);
  accept();
}

void UnixServer::Impl::accept() {
  if (stopped || accepting || clients.size() >= max_clients) return;
  accepting = true;
  acceptor.async_accept([weak = weak_from_this()](const error_code& error, stream_protocol::socket socket) {
    const auto self = weak.lock();
    if (!self || self->stopped) return;
    self->accepting = false;
    // Out of descriptors, most likely: asking again at once would keep the loop from everything else.
    if (error) return self->retry.arm_at(self->loop.monotonic_ns() + accept_retry_ns);
    self->begin(std::move(socket));
    self->accept();
  });
}

void UnixServer::Impl::begin(stream_protocol::socket socket) {
  const auto place = clients.insert(clients.end(), nullptr);
  *place = std::make_shared<Client>(loop, std::move(socket), [this, place] { drop(ClientPtr{*place}); });
  (*place)->timer.arm_at(loop.monotonic_ns() + patience_ns);
  read(*place);
}

void UnixServer::Impl::read(const ClientPtr& client) {
  client->socket.async_read_some(asio::buffer(client->chunk),
                                 [weak = weak_from_this(), client](const error_code& error, std::size_t bytes) {
                                   const auto self = weak.lock();
                                   if (!self || self->stopped) return;
                                   if (error) return self->drop(client);
                                   self->got(client, bytes);
                                 });
}

void UnixServer::Impl::got(const ClientPtr& client, std::size_t bytes) {
  const std::string_view fresh{client->chunk.data(), bytes};
  const auto end = fresh.find('\n');
  client->line.append(fresh.substr(0, end));
  if (client->line.size() > max_line) return drop(client);
  if (end == std::string_view::npos) return read(client);
  if (client->line.ends_with('\r')) client->line.pop_back();
  answer(client, client->line);
}

void UnixServer::Impl::answer(const ClientPtr& client, std::string_view line) {
  client->answer = handler(line);
  if (stopped) return;
  asio::async_write(client->socket, asio::buffer(client->answer),
                    [weak = weak_from_this(), client](const error_code&, std::size_t) {
                      const auto self = weak.lock();
                      if (self && !self->stopped) self->drop(client);
                    });
}

void UnixServer::Impl::drop(const ClientPtr& client) {
  client->timer.cancel();
  error_code ignored;
  client->socket.close(ignored);
  clients.remove(client);
  accept();
}

void UnixServer::Impl::stop() {
  stopped = true;
  retry.cancel();
  error_code ignored;
  acceptor.close(ignored);
  for (const auto& client : clients) {
    client->timer.cancel();
    client->socket.close(ignored);
  }
  clients.clear();
  // Only what we made: another process may have put its own socket there in the meantime.
  struct stat found{};
  if (::lstat(path.c_str(), &found) == 0 && found.st_ino == made.st_ino && found.st_dev == made.st_dev)
    ::unlink(path.c_str());
}

UnixServer::UnixServer(Loop& loop, std::string path, Handler handler)
    : impl_{std::make_shared<Impl>(loop, std::move(path), std::move(handler))} {
  impl_->listen();
}

UnixServer::~UnixServer() {
  impl_->stop();
}

}  // namespace rm::net
