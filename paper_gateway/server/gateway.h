// The gateway behind its sockets: REST, both hubs, control API, request log and faults around one exchange.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "paper_gateway/exchange/exchange.h"
#include "paper_gateway/exchange/paper_clock.h"
#include "paper_gateway/server/context.h"
#include "paper_gateway/server/web.h"

namespace paper {

// Pure apart from the monotonic clock it is given (nanoseconds). One thread. `exchange` and `clock` must outlive it.
// Call on_time() when next_deadline() has come, and after every happening that did not come through a socket.
class Gateway final : public WebHandler {
 public:
  Gateway(Exchange& exchange, PaperClock& clock, ServerSettings settings, std::function<std::int64_t()> monotonic_ns,
          GatewayHooks hooks);
  ~Gateway() override;

  void on_request(const HttpRequest& request, Answer answer) override;
  std::variant<std::shared_ptr<SocketHandler>, HttpResponse> on_upgrade(const HttpRequest& request) override;
  std::string http_date() const override;

  std::optional<std::int64_t> next_deadline() const;  // monotonic nanoseconds
  void on_time();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// POST /paper/<name> without a socket; what was wrong with it, if anything.
std::optional<std::string> use_control(Gateway& gateway, const std::string& name, const std::string& body);

}  // namespace paper
