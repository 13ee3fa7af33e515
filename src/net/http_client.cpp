#include "net/http_client.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <stdexcept>
#include <utility>
#include <vector>

#include "net/http_connection.h"

namespace rm::net {
namespace {

constexpr std::size_t usual_request = 16 * 1024;

bool is_clean(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

class HttpClient::Pool final : public HttpConnection::Listener, public std::enable_shared_from_this<Pool> {
 public:
  Pool(Loop& loop, const Url& base, const Options& options)
      : loop_{loop}, base_{base}, options_{options}, authority_{base.authority()}, timer_{loop, [this] {
                                                                                            expire();
                                                                                          }} {
    if (options.connections < 1 || options.connections > 16)
      throw std::runtime_error("the number of connections must be 1 to 16");
    const auto tls = base.tls ? std::make_shared<TlsContext>(options.ca_file) : nullptr;
    for (int i = 0; i < options.connections; ++i)
      connections_.push_back(std::make_unique<HttpConnection>(loop, *this, base, options, tls));
    request_.reserve(usual_request);
    for (const auto& connection : connections_) connection->connect();
  }

  void submit(std::string_view method, std::string_view path, std::string_view bearer, const std::string_view* body,
              Priority priority, OnReply on_reply);
  void stop();
  [[nodiscard]] int connected() const {
    return static_cast<int>(std::ranges::count_if(connections_, [](const auto& c) { return c->ready(); }));
  }

 private:
  struct Waiting {
    std::string request;
    OnReply on_reply;
    std::int64_t deadline_ns;
  };

  void write_request(std::string_view method, std::string_view path, std::string_view bearer,
                     const std::string_view* body);
  bool send_now(std::string_view request, Priority priority, OnReply& on_reply, std::int64_t deadline_ns);
  HttpConnection* pick(Priority priority);
  void pump();
  bool pump(std::deque<Waiting>& queue, Priority priority);
  void expire();
  void arm_expiry();
  void refuse_later(OnReply on_reply, std::string sentence);
  void fail(const Waiting& waiting, NoAnswer reason, std::string sentence);

  void on_reply(HttpConnection& connection, HttpReply& reply) override;
  void on_idle() override { pump(); }
  void on_no_connection(NoAnswer reason, const std::string& sentence) override;
  std::shared_ptr<void> keep_alive() override { return shared_from_this(); }

  Loop& loop_;
  Url base_;
  Options options_;
  std::string authority_;
  std::vector<std::unique_ptr<HttpConnection>> connections_;
  std::deque<Waiting> urgent_;
  std::deque<Waiting> normal_;
  Loop::Timer timer_;    // the earliest deadline of those that wait
  std::string request_;  // built here, written from here
  bool stopped_ = false;
};

void HttpClient::Pool::write_request(std::string_view method, std::string_view path, std::string_view bearer,
                                     const std::string_view* body) {
  request_.clear();
  for (const std::string_view part :
       {method, std::string_view{" "}, path, std::string_view{" HTTP/1.1\r\nHost: "}, std::string_view{authority_},
        std::string_view{"\r\nUser-Agent: risk-manager\r\nAccept: application/json\r\n"}})
    request_.append(part);
  if (!bearer.empty()) request_.append("Authorization: Bearer ").append(bearer).append("\r\n");
  if (body != nullptr) {
    std::array<char, 20> digits{};
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), body->size()).ptr;
    request_.append("Content-Type: application/json\r\nContent-Length: ")
        .append(std::string_view{digits.data(), end});
    request_.append("\r\n\r\n").append(*body);
  } else {
    request_.append("\r\n");
  }
}

void HttpClient::Pool::submit(std::string_view method, std::string_view path, std::string_view bearer,
                              const std::string_view* body, Priority priority, OnReply on_reply) {
  if (!path.starts_with('/') || !is_clean(path) || !is_clean(bearer))
    return refuse_later(std::move(on_reply),
                        "the request to " + authority_ + " has a path or a token that HTTP cannot carry");
  write_request(method, path, bearer, body);
  const std::int64_t deadline = loop_.monotonic_ns() + std::chrono::nanoseconds{options_.request_timeout}.count();
  const bool somebody_waits = !urgent_.empty() || (priority == Priority::Normal && !normal_.empty());
  if (!somebody_waits && send_now(request_, priority, on_reply, deadline)) return;
  (priority == Priority::Urgent ? urgent_ : normal_).push_back({request_, std::move(on_reply), deadline});
  arm_expiry();
  // With every connection waiting out its back-off, a request is a reason to try now.
  if (std::ranges::all_of(connections_, &HttpConnection::waiting_to_connect,
                          [](const auto& c) -> auto& { return *c; }))
    connections_.front()->connect();
}

bool HttpClient::Pool::send_now(std::string_view request, Priority priority, OnReply& on_reply,
                                std::int64_t deadline_ns) {
  while (HttpConnection* connection = pick(priority)) {
    // Not one byte was taken by a dead connection, so the next one may have the request.
    if (connection->send(request, on_reply, deadline_ns)) return true;
  }
  return false;
}

// An idle connection that still lives. The last one is kept for urgent requests, unless the others cannot be had.
HttpConnection* HttpClient::Pool::pick(Priority priority) {
  int idle = 0;
  int hopeful = 0;
  HttpConnection* found = nullptr;
  for (const auto& connection : connections_) {
    if (connection->alive()) {
      ++idle;
      found = connection.get();
      if (priority == Priority::Urgent) return found;
    } else if (!connection->waiting_to_connect()) {
      ++hopeful;
    }
  }
  const bool keep_last = connections_.size() > 1 && idle == 1 && hopeful > 0;
  return keep_last ? nullptr : found;
}

void HttpClient::Pool::pump() {
  if (pump(urgent_, Priority::Urgent)) pump(normal_, Priority::Normal);
  arm_expiry();
}

bool HttpClient::Pool::pump(std::deque<Waiting>& queue, Priority priority) {
  while (!queue.empty()) {
    Waiting& first = queue.front();
    if (!send_now(first.request, priority, first.on_reply, first.deadline_ns)) return false;
    queue.pop_front();
  }
  return true;
}

void HttpClient::Pool::on_reply(HttpConnection& connection, HttpReply& reply) {
  const OnReply call = connection.take_callback();
  if (call) call(reply);
  if (!stopped_) pump();
}

// As long as one connection works, or may soon, those that wait keep waiting.
void HttpClient::Pool::on_no_connection(NoAnswer reason, const std::string& sentence) {
  for (const auto& connection : connections_)
    if (!connection->waiting_to_connect()) return pump();  // one hope less: see pick()
  std::deque<Waiting> failed = std::exchange(urgent_, {});
  for (auto& waiting : std::exchange(normal_, {})) failed.push_back(std::move(waiting));
  timer_.cancel();
  while (!failed.empty() && !stopped_) {
    Waiting first = std::move(failed.front());
    failed.pop_front();
    fail(first, reason, sentence);
  }
}

void HttpClient::Pool::expire() {
  const auto keep = shared_from_this();
  const std::int64_t now = loop_.monotonic_ns();
  for (auto* queue : {&urgent_, &normal_}) {
    while (!stopped_ && !queue->empty() && queue->front().deadline_ns <= now) {
      Waiting late = std::move(queue->front());
      queue->pop_front();
      fail(late, NoAnswer::Timeout,
           "no connection to " + authority_ + " was free within " + std::to_string(options_.request_timeout.count()) +
               " ms");
    }
  }
  if (!stopped_) arm_expiry();
}

void HttpClient::Pool::arm_expiry() {
  if (urgent_.empty() && normal_.empty()) return timer_.cancel();
  const auto& first = urgent_.empty()                                             ? normal_.front()
                      : normal_.empty()                                           ? urgent_.front()
                      : urgent_.front().deadline_ns < normal_.front().deadline_ns ? urgent_.front()
                                                                                  : normal_.front();
  timer_.arm_at(first.deadline_ns);
}

void HttpClient::Pool::fail(const Waiting& waiting, NoAnswer reason, std::string sentence) {
  HttpReply reply;
  reply.reason = reason;
  reply.error = std::move(sentence);
  reply.answered_ns = loop_.monotonic_ns();
  if (waiting.on_reply) waiting.on_reply(reply);
}

void HttpClient::Pool::refuse_later(OnReply on_reply, std::string sentence) {
  loop_.post([weak = weak_from_this(), call = std::move(on_reply), sentence = std::move(sentence)]() mutable {
    const auto self = weak.lock();
    if (self && !self->stopped_) self->fail({{}, std::move(call), 0}, NoAnswer::Malformed, std::move(sentence));
  });
}

void HttpClient::Pool::stop() {
  stopped_ = true;
  timer_.cancel();
  for (const auto& connection : connections_) connection->stop();
  urgent_.clear();
  normal_.clear();
}

HttpClient::HttpClient(Loop& loop, const Url& base, const Options& options)
    : pool_{std::make_shared<Pool>(loop, base, options)} {}

HttpClient::~HttpClient() {
  pool_->stop();
}

void HttpClient::post(std::string_view path, std::string_view bearer, std::string_view json_body, Priority priority,
                      OnReply on_reply) {
  pool_->submit("POST", path, bearer, &json_body, priority, std::move(on_reply));
}

void HttpClient::get(std::string_view path, std::string_view bearer, Priority priority, OnReply on_reply) {
  pool_->submit("GET", path, bearer, nullptr, priority, std::move(on_reply));
}

int HttpClient::connected() const {
  return pool_->connected();
}

}  // namespace rm::net
