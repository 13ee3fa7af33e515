#include "net/ws_client.h"

#include <algorithm>
#include <array>
#include <utility>

#include "net/channel.h"
#include "net/http_response.h"
#include "net/ws_frame.h"
#include "net/ws_handshake.h"
#include "net/ws_inbox.h"

namespace rm::net {
namespace {

constexpr std::size_t max_refusal_body = 64 * 1024;
constexpr std::size_t max_unsent = std::size_t{8} << 20;  // a server that takes nothing any more is gone

enum class CloseCode : std::uint16_t { Normal = 1000, ProtocolError = 1002, TooBig = 1009 };

bool is_clean(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

// The peer's words, fit for a log line.
std::string printable(std::string_view text) {
  std::string out{text.substr(0, 123)};
  for (char& c : out)
    if (c < ' ' || c > '~') c = '?';
  return out;
}

}  // namespace

class WsClient::Session final : Channel::Owner, public std::enable_shared_from_this<Session> {
 public:
  Session(Loop& loop, WsHandler& handler, const Options& options)
      : loop_{loop},
        handler_{&handler},
        options_{options},
        tls_{std::make_shared<TlsContext>(options.ca_file)},
        channel_{loop, *this, tls_},
        timer_{loop, [this] { on_timer(); }},
        upgrade_{max_refusal_body},
        inbox_{options.max_message} {}

  void connect(const Url& url, std::string_view bearer);
  void send(WsOpcode opcode, std::string_view payload);
  void close();
  void shut() {
    close();
    handler_ = nullptr;
  }

 private:
  enum class State { Closed, Upgrading, Open };

  void on_connected() override;
  std::span<char> read_space() override { return inbox_.space(); }
  void on_read(std::size_t bytes, std::int64_t received_ns) override;
  void on_ended(Channel::End end, const std::string& sentence) override;
  void on_timer();
  void on_upgrade_answer(std::string_view bytes, std::int64_t received_ns);
  void check_upgrade(std::int64_t received_ns);
  void take_items(std::int64_t received_ns);
  bool take_item(const WsInbox::Item& item, std::int64_t received_ns);
  void take_close(std::string_view payload);
  void send_close(CloseCode code);
  void fail(CloseCode code, std::string_view what);
  void end(const std::string& why, int http_status = 0);

  Loop& loop_;
  WsHandler* handler_;  // null once the WsClient is gone
  Options options_;
  std::shared_ptr<TlsContext> tls_;
  Channel channel_;
  Loop::Timer timer_;  // the upgrade is due
  Url url_;
  std::string bearer_;
  std::string key_;
  HttpResponseReader upgrade_;
  WsMasks masks_;
  State state_ = State::Closed;
  std::uint64_t generation_ = 0;  // of the connection: a handler may have replaced it

  WsInbox inbox_;
  std::string out_;
};

void WsClient::Session::connect(const Url& url, std::string_view bearer) {
  close();
  url_ = url;
  bearer_ = bearer;
  state_ = State::Upgrading;
  const std::uint64_t mine = ++generation_;
  if (!is_clean(url.target) || !is_clean(bearer)) {
    loop_.post([weak = weak_from_this(), mine] {
      const auto self = weak.lock();
      if (self && self->generation_ == mine)
        self->end("the address or the token for " + self->url_.authority() + " holds what HTTP cannot carry");
    });
    return;
  }
  timer_.arm_at(loop_.monotonic_ns() + std::chrono::nanoseconds{options_.connect_timeout}.count());
  channel_.connect(url, options_.connect_timeout);
}

void WsClient::Session::close() {
  if (state_ == State::Open) send_close(CloseCode::Normal);
  state_ = State::Closed;
  ++generation_;
  timer_.cancel();
  channel_.close();
  inbox_.clear();
}

void WsClient::Session::end(const std::string& why, int http_status) {
  state_ = State::Closed;  // whatever close frame is due has been sent
  close();
  if (handler_ != nullptr) handler_->on_closed(why, http_status);
}

void WsClient::Session::send_close(CloseCode code) {
  const auto number = static_cast<unsigned>(code);
  const std::array<char, 2> payload{static_cast<char>(number >> 8), static_cast<char>(number & 0xFF)};
  send(WsOpcode::Close, {payload.data(), payload.size()});
}

void WsClient::Session::fail(CloseCode code, std::string_view what) {
  send_close(code);
  end(url_.authority() + " sent " + std::string{what});
}

void WsClient::Session::send(WsOpcode opcode, std::string_view payload) {
  if (state_ != State::Open) return;
  out_.clear();
  append_ws_frame(out_, opcode, payload, masks_.next());
  if (channel_.unsent() + out_.size() <= std::max(max_unsent, out_.size())) {
    channel_.write(out_);
    return;
  }
  state_ = State::Closed;
  channel_.close();
  loop_.post([weak = weak_from_this(), mine = generation_] {
    const auto self = weak.lock();
    if (self && self->generation_ == mine) self->end(self->url_.authority() + " no longer takes what is sent to it");
  });
}

void WsClient::Session::on_connected() {
  key_ = new_ws_key();
  upgrade_.start();
  channel_.write(ws_upgrade_request(url_, key_, bearer_));
}

void WsClient::Session::on_timer() {
  const auto keep = shared_from_this();
  end(url_.authority() + " did not answer the WebSocket upgrade within " +
      std::to_string(options_.connect_timeout.count()) + " ms");
}

void WsClient::Session::on_ended(Channel::End /*how*/, const std::string& sentence) {
  const auto keep = shared_from_this();
  end(sentence);
}

void WsClient::Session::on_read(std::size_t bytes, std::int64_t received_ns) {
  const auto keep = shared_from_this();
  if (state_ != State::Open) return on_upgrade_answer({inbox_.space().data(), bytes}, received_ns);
  inbox_.added(bytes);
  take_items(received_ns);
}

void WsClient::Session::on_upgrade_answer(std::string_view bytes, std::int64_t received_ns) {
  const auto state = upgrade_.feed(bytes);
  if (upgrade_.header_done()) return check_upgrade(received_ns);  // the body of a refusal is not waited for
  if (state != HttpResponseReader::State::Incomplete)
    end(url_.authority() + " answered the WebSocket upgrade with something that is not HTTP");
}

void WsClient::Session::check_upgrade(std::int64_t received_ns) {
  if (upgrade_.status() != 101)
    return end(
        url_.authority() + " refused the WebSocket upgrade with HTTP status " + std::to_string(upgrade_.status()),
        upgrade_.status());
  if (!same_word(upgrade_.header("Upgrade"), "websocket") ||
      upgrade_.header("Sec-WebSocket-Accept") != ws_accept_for(key_) ||
      !upgrade_.header("Sec-WebSocket-Extensions").empty())
    return end(url_.authority() + " answered the WebSocket upgrade wrongly: it is not a WebSocket server");
  timer_.cancel();
  state_ = State::Open;
  inbox_.append(upgrade_.leftover());  // messages may have come with the answer
  const std::uint64_t mine = generation_;
  handler_->on_open();
  if (generation_ == mine && handler_ != nullptr) take_items(received_ns);
}

void WsClient::Session::take_items(std::int64_t received_ns) {
  while (state_ == State::Open && take_item(inbox_.next(), received_ns)) {
  }
}

// False: there is no more, or the connection has ended or was replaced.
bool WsClient::Session::take_item(const WsInbox::Item& item, std::int64_t received_ns) {
  const std::string_view payload{item.payload.data(), item.payload.size()};
  const std::uint64_t mine = generation_;
  switch (item.kind) {
    case WsInbox::Kind::Nothing:
      return false;
    case WsInbox::Kind::Message:
      handler_->on_text(item.payload, received_ns);
      break;
    case WsInbox::Kind::Ping:
      send(WsOpcode::Pong, payload);
      break;
    case WsInbox::Kind::Close:
      take_close(payload);
      break;
    case WsInbox::Kind::Breach:
      fail(CloseCode::ProtocolError, item.problem);
      break;
    case WsInbox::Kind::TooLarge:
      fail(CloseCode::TooBig, "a message larger than " + std::to_string(options_.max_message) + " bytes");
      break;
  }
  return handler_ != nullptr && generation_ == mine;
}

void WsClient::Session::take_close(std::string_view payload) {
  std::string why = url_.authority() + " closed the WebSocket";
  if (payload.size() >= 2) {
    const unsigned code =
        static_cast<unsigned>(static_cast<std::uint8_t>(payload[0])) << 8 | static_cast<std::uint8_t>(payload[1]);
    why += " with code " + std::to_string(code);
    if (payload.size() > 2) why += ": " + printable(payload.substr(2));
  }
  send_close(CloseCode::Normal);
  end(why);
}

WsClient::WsClient(Loop& loop, WsHandler& handler, const Options& options)
    : session_{std::make_shared<Session>(loop, handler, options)} {}

WsClient::~WsClient() {
  session_->shut();
}

void WsClient::connect(const Url& url, std::string_view bearer) {
  session_->connect(url, bearer);
}
void WsClient::send_text(std::string_view text) {
  session_->send(WsOpcode::Text, text);
}
void WsClient::close() {
  session_->close();
}

}  // namespace rm::net
