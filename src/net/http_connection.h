#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/channel.h"
#include "net/http_client.h"
#include "net/http_response.h"

namespace rm::net {

// Internal: one warm connection of the pool. Keeps itself connected; carries one request at a time.
class HttpConnection final : Channel::Owner {
 public:
  // Called from the loop. The connection is ready for the next request, or on its way to be, when either is called.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void on_reply(HttpConnection& connection, HttpReply& reply) = 0;
    virtual void on_idle() = 0;
    virtual void on_no_connection(NoAnswer reason,
                                  const std::string& sentence) = 0;  // the attempt failed; the next one waits
    virtual std::shared_ptr<void>
    keep_alive() = 0;  // held while the connection is at work: a callback may drop the client
  };

  HttpConnection(Loop& loop, Listener& listener, const Url& base, const HttpOptions& options,
                 std::shared_ptr<TlsContext> tls);

  void connect();
  void stop();  // for good
  // Writes the request now and takes `on_reply`. False: the connection turned out dead before it took a byte,
  // `on_reply` is untouched.
  bool send(std::string_view request, HttpClient::OnReply& on_reply, std::int64_t deadline_ns);

  [[nodiscard]] bool idle() const { return state_ == State::Idle; }
  [[nodiscard]] bool ready() const { return state_ == State::Idle || state_ == State::Busy; }
  [[nodiscard]] bool waiting_to_connect() const { return state_ == State::Down; }
  bool alive() { return idle() && channel_.quiet(); }
  HttpClient::OnReply take_callback() { return std::move(on_reply_); }

 private:
  enum class State { Down, Connecting, Idle, Busy, Dying /* dead, about to be told so */, Stopped };

  void on_connected() override;
  std::span<char> read_space() override { return in_; }
  void on_read(std::size_t bytes, std::int64_t received_ns) override;
  void on_ended(Channel::End end, const std::string& sentence) override;
  void on_timer();
  void answered();
  void unanswered(NoAnswer reason, std::string sentence);
  void lost();
  void reconnect();
  [[nodiscard]] std::int64_t back_off_ns() const;

  Loop& loop_;
  Listener& listener_;
  Url base_;
  HttpOptions options_;
  Channel channel_;
  Loop::Timer timer_;  // busy: when the answer is due; down: when to connect again
  HttpResponseReader reader_;
  std::vector<char> in_;
  HttpClient::OnReply on_reply_;
  State state_ = State::Down;
  std::int64_t connected_ns_ = 0;
  int failures_ = 0;  // in a row; a connection that proved useful ends the row
};

}  // namespace rm::net
