#include "net/http_connection.h"

#include <algorithm>
#include <utility>

#include "net/http_date.h"

namespace rm::net {
namespace {

constexpr std::size_t read_size = 64 * 1024;
constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t first_back_off_ns = 50 * ns_per_ms;
constexpr int longest_back_off = 6;  // 50 ms doubled six times: 3.2 s
constexpr std::int64_t proven_after_ns = 1'000 * ns_per_ms;

}  // namespace

HttpConnection::HttpConnection(Loop& loop, Listener& listener, const Url& base, const HttpOptions& options,
                               std::shared_ptr<TlsContext> tls)
    : loop_{loop},
      listener_{listener},
      base_{base},
      options_{options},
      channel_{loop, *this, std::move(tls)},
      timer_{loop, [this] { on_timer(); }},
      reader_{options.max_body},
      in_(read_size) {}

void HttpConnection::connect() {
  timer_.cancel();
  state_ = State::Connecting;
  channel_.connect(base_, options_.connect_timeout);
}

void HttpConnection::stop() {
  state_ = State::Stopped;
  timer_.cancel();
  channel_.close();
  on_reply_ = nullptr;
}

bool HttpConnection::send(std::string_view request, HttpClient::OnReply& on_reply, std::int64_t deadline_ns) {
  if (!channel_.write(request)) {
    state_ = State::Dying;
    return false;
  }
  state_ = State::Busy;
  on_reply_ = std::move(on_reply);
  timer_.arm_at(deadline_ns);
  return true;
}

void HttpConnection::on_connected() {
  const auto keep = listener_.keep_alive();
  connected_ns_ = loop_.monotonic_ns();
  state_ = State::Idle;
  reader_.start();
  listener_.on_idle();
}

void HttpConnection::on_read(std::size_t bytes, std::int64_t /*received_ns*/) {
  const auto keep = listener_.keep_alive();
  // Nobody asked: some servers say 408 before they close. Whatever it is, it answers nothing of ours.
  if (state_ != State::Busy) return lost();
  const std::string host = base_.authority();
  switch (reader_.feed({in_.data(), bytes})) {
    case HttpResponseReader::State::Incomplete:
      return;
    case HttpResponseReader::State::Complete:
      return answered();
    case HttpResponseReader::State::TooLarge:
      return unanswered(NoAnswer::TooLarge,
                        host + " sent an answer larger than " + std::to_string(options_.max_body) + " bytes");
    case HttpResponseReader::State::Malformed:
      return unanswered(NoAnswer::Malformed, host + " sent something that is not an HTTP answer");
  }
}

void HttpConnection::answered() {
  HttpReply reply;
  reply.answered_ns = loop_.monotonic_ns();
  reply.sent_ns = channel_.last_write_ns();
  reply.request_may_have_been_sent = true;
  reply.status = reader_.status();
  reply.date_unix_s = parse_http_date(reader_.header("Date"));
  reply.retry_after_s = parse_retry_after(reader_.header("Retry-After"), reply.date_unix_s);
  const std::string body = reader_.take_body();
  reply.body = body;
  const bool reusable = reader_.keep_alive() && reader_.leftover().empty() && channel_.unsent() == 0;
  timer_.cancel();
  failures_ = 0;
  if (reusable) {
    state_ = State::Idle;
    reader_.start();
  } else {
    channel_.close();
    connect();
  }
  listener_.on_reply(*this, reply);
}

void HttpConnection::unanswered(NoAnswer reason, std::string sentence) {
  HttpReply reply;
  reply.answered_ns = loop_.monotonic_ns();
  reply.sent_ns = channel_.unsent() == 0 ? channel_.last_write_ns() : 0;
  reply.request_may_have_been_sent = true;
  reply.reason = reason;
  reply.error = std::move(sentence);
  lost();
  listener_.on_reply(*this, reply);
}

// A connection that was of use is replaced at once. One that never was is tried again later: the server may be
// closing all of them.
void HttpConnection::lost() {
  timer_.cancel();
  channel_.close();
  if (loop_.monotonic_ns() - connected_ns_ >= proven_after_ns) failures_ = 0;
  reconnect();
}

void HttpConnection::reconnect() {
  if (failures_++ == 0) return connect();
  state_ = State::Down;
  timer_.arm_at(loop_.monotonic_ns() + back_off_ns());
}

// Doubling, and spread by the clock's low digits so that many clients do not come back as one.
std::int64_t HttpConnection::back_off_ns() const {
  const std::int64_t base = first_back_off_ns << std::min(failures_ - 2, longest_back_off);
  return base + loop_.monotonic_ns() % (base / 4);
}

void HttpConnection::on_ended(Channel::End end, const std::string& sentence) {
  const auto keep = listener_.keep_alive();
  if (state_ == State::Connecting) {
    failures_ = std::max(failures_, 1);  // no second attempt at once
    reconnect();
    const bool tls = end == Channel::End::TlsFailed;
    return listener_.on_no_connection(tls ? NoAnswer::TlsFailed : NoAnswer::ConnectFailed, sentence);
  }
  if (state_ != State::Busy) return lost();
  if (end == Channel::End::Closed && reader_.end_of_stream() == HttpResponseReader::State::Complete)
    return answered();
  unanswered(NoAnswer::ClosedBeforeAnswer,
             sentence + (reader_.begun() ? " in the middle of its answer" : " before it answered"));
}

void HttpConnection::on_timer() {
  const auto keep = listener_.keep_alive();
  if (state_ == State::Down) return connect();
  unanswered(NoAnswer::Timeout, base_.authority() + " did not answer within " +
                                    std::to_string(options_.request_timeout.count()) + " ms");
}

}  // namespace rm::net
