#include "net/channel.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "net/loop_impl.h"

namespace rm::net {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t initial_out = 16 * 1024;
constexpr int reads_a_turn = 16;  // then the other sockets and timers have theirs

void set_option(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof value);
}

// A dead peer or a dead path is noticed within half a minute, even on an idle connection.
void set_socket_options(int socket) {
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 15);
  set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, 3);
  set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 20'000);
}

Io plain_io(ssize_t result, Io would_block, std::size_t& moved) {
  if (result > 0) {
    moved = static_cast<std::size_t>(result);
    return Io::Done;
  }
  if (result == 0) return Io::Ended;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? would_block : Io::Failed;
}

}  // namespace

struct Channel::State : std::enable_shared_from_this<State> {
  enum class Stage { Closed, Resolving, Connecting, Handshaking, Open, Ending };

  State(Loop& l, Owner& o, std::shared_ptr<TlsContext> context)
      : loop{l},
        owner{&o},
        tls_context{std::move(context)},
        socket{l.impl().io},
        resolver{l.impl().io},
        timer{l, [this] { on_timer(); }} {
    out.reserve(initial_out);
  }

  void start(const Url& to, std::chrono::milliseconds timeout);
  void resolve();
  void use_addresses(std::vector<tcp::endpoint> found);
  void try_next_address(const std::string& last_problem);
  void on_tcp_connected();
  void handshake();
  void opened();
  void on_timer();
  void wait(tcp::socket::wait_type what);
  void on_ready(tcp::socket::wait_type what);
  void read_available();
  bool flush();
  Io read_some(std::span<char> space, std::size_t& got);
  Io write_some(std::string_view bytes, std::size_t& taken);
  bool quiet();
  void end(End how, const std::string& sentence);
  void end_later(End how, std::string sentence);
  void reset(Stage next);
  [[nodiscard]] std::string io_problem(const char* doing) const;

  Loop& loop;
  Owner* owner;  // null once the Channel is gone
  std::shared_ptr<TlsContext> tls_context;
  tcp::socket socket;
  tcp::resolver resolver;
  Loop::Timer timer;
  std::optional<TlsSession> tls;
  Url url;
  std::vector<tcp::endpoint> addresses;
  std::size_t next_address = 0;
  std::optional<tcp::endpoint> last_good;
  std::int64_t deadline_ns = 0;
  std::chrono::milliseconds timeout{};
  Stage stage = Stage::Closed;
  std::uint64_t generation = 0;  // of the connection; what an older one still had to say is not heard
  std::string out;               // not yet written
  std::size_t out_done = 0;
  bool waits_to_write = false;
  bool waits_to_read = false;
  std::int64_t last_write_ns = 0;
};

void Channel::State::reset(Stage next) {
  ++generation;
  stage = next;
  timer.cancel();
  resolver.cancel();
  tls.reset();
  error_code ignored;
  socket.close(ignored);
  out.clear();
  out_done = 0;
  waits_to_write = waits_to_read = false;
}

void Channel::State::end(End how, const std::string& sentence) {
  // It may be a word of what reset() lets go.
  const std::string kept = sentence;  // NOLINT(performance-unnecessary-copy-initialization)
  reset(Stage::Closed);
  owner->on_ended(how, kept);
}

// For failures met inside a call of the owner's: nobody is called inside a call.
void Channel::State::end_later(End how, std::string sentence) {
  stage = Stage::Ending;
  asio::post(loop.impl().io, [self = shared_from_this(), mine = generation, how, sentence = std::move(sentence)] {
    if (self->generation == mine && self->owner != nullptr) self->end(how, sentence);
  });
}

void Channel::State::start(const Url& to, std::chrono::milliseconds within) {
  reset(Stage::Resolving);
  if (url.host != to.host || url.port != to.port) last_good.reset();
  url = to;
  timeout = within;
  // The time begins when the loop runs: until then, at the start of the process, nothing can be answered.
  asio::post(loop.impl().io, [self = shared_from_this(), mine = generation] {
    if (self->generation != mine) return;
    self->deadline_ns = self->loop.monotonic_ns() + std::chrono::nanoseconds{self->timeout}.count();
    self->timer.arm_at(self->deadline_ns);
  });
  resolve();
}

void Channel::State::resolve() {
  error_code not_literal;
  const auto address = asio::ip::make_address(url.host, not_literal);
  if (!not_literal) {
    asio::post(loop.impl().io, [self = shared_from_this(), mine = generation, address] {
      if (self->generation == mine) self->use_addresses({tcp::endpoint{address, self->url.port}});
    });
    return;
  }
  resolver.async_resolve(
      url.host, std::to_string(url.port), tcp::resolver::numeric_service,
      [self = shared_from_this(), mine = generation](const error_code& error, const auto& results) {
        if (self->generation != mine) return;
        // A name server that is away must not stop us from going where we were before.
        if (error && self->last_good) return self->use_addresses({*self->last_good});
        if (error)
          return self->end(End::ConnectFailed,
                           "the name '" + self->url.host + "' could not be resolved: " + error.message());
        self->use_addresses({results.begin(), results.end()});
      });
}

void Channel::State::use_addresses(std::vector<tcp::endpoint> found) {
  addresses = std::move(found);
  if (last_good) std::ranges::stable_partition(addresses, [&](const auto& address) { return address == *last_good; });
  next_address = 0;
  stage = Stage::Connecting;
  try_next_address("no address");
}

void Channel::State::try_next_address(const std::string& last_problem) {
  if (next_address == addresses.size())
    return end(End::ConnectFailed, "no connection to " + url.authority() + ": " + last_problem);
  // The time that is left is shared among the addresses that are left.
  const std::int64_t now = loop.monotonic_ns();
  timer.arm_at(now + (deadline_ns - now) / static_cast<std::int64_t>(addresses.size() - next_address));
  error_code error;
  socket.close(error);
  const tcp::endpoint& address = addresses[next_address++];
  socket.open(address.protocol(), error);
  if (!error) socket.non_blocking(true, error);
  if (error) return try_next_address(error.message());
  set_socket_options(socket.native_handle());
  socket.async_connect(
      address, [self = shared_from_this(), mine = generation, attempt = next_address](const error_code& failed) {
        if (self->generation != mine || self->next_address != attempt || self->stage != Stage::Connecting) return;
        if (failed) return self->try_next_address(failed.message());
        self->on_tcp_connected();
      });
}

void Channel::State::on_tcp_connected() {
  last_good = addresses[next_address - 1];
  if (!url.tls) return opened();
  stage = Stage::Handshaking;
  timer.arm_at(deadline_ns);
  tls.emplace(*tls_context, socket.native_handle(), url.host, url.authority());
  handshake();
}

void Channel::State::handshake() {
  switch (tls->handshake()) {
    case Io::Done:
      return opened();
    case Io::WouldRead:
      return wait(tcp::socket::wait_read);
    case Io::WouldWrite:
      return wait(tcp::socket::wait_write);
    default:
      return end(End::TlsFailed, tls->problem());
  }
}

void Channel::State::opened() {
  timer.cancel();
  stage = Stage::Open;
  const std::uint64_t mine = generation;
  owner->on_connected();
  if (owner != nullptr && generation == mine && stage == Stage::Open) read_available();
}

void Channel::State::on_timer() {
  const auto self = shared_from_this();
  if (owner == nullptr) return;
  if (stage == Stage::Connecting && next_address < addresses.size()) return try_next_address("no answer");
  const char* what = stage == Stage::Resolving     ? "its name was not resolved"
                     : stage == Stage::Handshaking ? "the TLS handshake did not end"
                                                   : "it did not answer";
  end(End::ConnectFailed,
      "no connection to " + url.authority() + ": " + what + " within " + std::to_string(timeout.count()) + " ms");
}

void Channel::State::wait(tcp::socket::wait_type what) {
  bool& waiting = what == tcp::socket::wait_write ? waits_to_write : waits_to_read;
  if (std::exchange(waiting, true)) return;
  socket.async_wait(what, [self = shared_from_this(), mine = generation, what](const error_code& error) {
    if (self->generation != mine || self->owner == nullptr || error == asio::error::operation_aborted) return;
    self->on_ready(what);
  });
}

void Channel::State::on_ready(tcp::socket::wait_type what) {
  (what == tcp::socket::wait_write ? waits_to_write : waits_to_read) = false;
  if (stage == Stage::Handshaking) return handshake();
  // Both, whatever it was: TLS may have to write in order to read, and the other way round.
  if (stage == Stage::Open && flush()) read_available();
}

Io Channel::State::read_some(std::span<char> space, std::size_t& got) {
  if (tls) return tls->read(space, got);
  return plain_io(::recv(socket.native_handle(), space.data(), space.size(), 0), Io::WouldRead, got);
}

Io Channel::State::write_some(std::string_view bytes, std::size_t& taken) {
  if (tls) return tls->write(bytes, taken);
  return plain_io(::send(socket.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL), Io::WouldWrite, taken);
}

std::string Channel::State::io_problem(const char* doing) const {
  if (tls) return tls->problem();
  return "the connection to " + url.authority() + " broke while " + doing + ": " +
         std::generic_category().message(errno);
}

void Channel::State::read_available() {
  const std::uint64_t mine = generation;
  for (int turn = 0; turn < reads_a_turn; ++turn) {
    std::size_t got = 0;
    switch (read_some(owner->read_space(), got)) {
      case Io::Done:
        break;
      case Io::WouldRead:
        return wait(tcp::socket::wait_read);
      case Io::WouldWrite:
        return wait(tcp::socket::wait_write);
      case Io::Ended:
        return end(End::Closed, url.authority() + " closed the connection");
      case Io::Failed:
        return end(End::Broken, io_problem("reading"));
    }
    owner->on_read(got, loop.monotonic_ns());
    if (owner == nullptr || generation != mine || stage != Stage::Open) return;
  }
  // OpenSSL may hold bytes that the kernel no longer announces: come back without waiting.
  asio::post(loop.impl().io, [self = shared_from_this(), mine] {
    if (self->generation == mine && self->owner != nullptr && self->stage == Stage::Open) self->read_available();
  });
}

// False: the connection is gone and its owner has been told.
bool Channel::State::flush() {
  while (out_done < out.size()) {
    std::size_t taken = 0;
    switch (write_some(std::string_view{out}.substr(out_done), taken)) {
      case Io::Done:
        out_done += taken;
        last_write_ns = loop.monotonic_ns();
        break;
      case Io::WouldWrite:
        wait(tcp::socket::wait_write);
        return true;
      case Io::WouldRead:
        return true;  // the pending wait for reading brings us back
      default:
        end(End::Broken, io_problem("writing"));
        return false;
    }
  }
  out.clear();
  out_done = 0;
  return true;
}

bool Channel::State::quiet() {
  char byte = 0;
  std::size_t got = 0;
  const Io raw = plain_io(::recv(socket.native_handle(), &byte, 1, MSG_PEEK), Io::WouldRead, got);
  if (raw == Io::WouldRead && !(tls && tls->holds_bytes())) return true;
  if (raw == Io::WouldRead) return tls->quiet();
  return raw == Io::Done && tls && tls->quiet();
}

Channel::Channel(Loop& loop, Owner& owner, std::shared_ptr<TlsContext> tls)
    : state_{std::make_shared<State>(loop, owner, std::move(tls))} {}

Channel::~Channel() {
  close();
  state_->owner = nullptr;
}

void Channel::connect(const Url& url, std::chrono::milliseconds timeout) {
  state_->start(url, timeout);
}

void Channel::close() {
  if (state_->tls && state_->stage == State::Stage::Open) state_->tls->close_notify();
  state_->reset(State::Stage::Closed);
}

bool Channel::write(std::string_view bytes) {
  State& s = *state_;
  if (s.stage != State::Stage::Open) return false;
  const bool first_in_line = s.out.empty();
  const std::size_t all = bytes.size();
  while (first_in_line && !bytes.empty()) {
    std::size_t taken = 0;
    const Io io = s.write_some(bytes, taken);
    if (io == Io::Done) {
      s.last_write_ns = s.loop.monotonic_ns();
      bytes.remove_prefix(taken);
      continue;
    }
    if (io == Io::WouldRead || io == Io::WouldWrite) break;
    s.end_later(End::Broken, s.io_problem("writing"));
    return bytes.size() < all;
  }
  if (bytes.empty()) return true;
  s.out.append(bytes);
  s.wait(tcp::socket::wait_write);
  return true;
}

bool Channel::quiet() {
  State& s = *state_;
  return s.stage == State::Stage::Open && s.quiet();
}

std::size_t Channel::unsent() const {
  return state_->out.size() - state_->out_done;
}
std::int64_t Channel::last_write_ns() const {
  return state_->last_write_ns;
}

}  // namespace rm::net
