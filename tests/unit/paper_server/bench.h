// A gateway on a test bench: one user with two accounts, time in the hand of the test, no sockets.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paper_gateway/exchange/exchange.h"
#include "paper_gateway/exchange/paper_clock.h"
#include "paper_gateway/server/gateway.h"
#include "paper_gateway/server/json.h"

namespace paper {

inline constexpr std::int64_t guarded = 26001234;  // of user "paper", bracket mode auto OCO
inline constexpr std::int64_t second = 26001235;   // of user "paper", bracket mode position
inline constexpr std::int64_t foreign = 26009999;  // of user "other"
inline constexpr std::string_view mnq = "CON.F.US.MNQ.U26";
inline constexpr std::string_view mes = "CON.F.US.MES.U26";

Json json(std::string_view text);  // fails the test when it is not JSON

// What a hub sent to one client, and what became of the connection.
class HubClient final : public Socket {
 public:
  void send(std::string text) override;
  void close() override { closed = true; }

  void say(std::string_view record);                                      // adds the record end
  std::string call(std::string_view method, std::string_view arguments);  // arguments: "[26001234]"; the completion
  std::vector<std::string> take();                    // records since the last take(), without their ends
  std::vector<Json> events(std::string_view target);  // arguments of those events since the last take()

  void leave();  // the connection ends

  std::weak_ptr<SocketHandler> handler;  // the hub owns it
  std::vector<std::string> records;
  bool closed = false;

 private:
  int last_id_ = 0;
};

class Bench {
 public:
  explicit Bench(ServerSettings settings = {}, std::int64_t monotonic_ns = 1'000'000'000);

  HttpResponse request(std::string_view method, std::string_view target, std::string_view body = "",
                       Pairs headers = {});
  HttpResponse post(std::string_view path, std::string_view body);    // as JSON with the token of "paper"
  Json answer(std::string_view path, std::string_view body);          // the body of a post() that gives 200
  Json control(std::string_view path, std::string_view body = "{}");  // POST to /paper/…, 200 expected
  Json view(std::string_view target);                                 // GET of /paper/…, 200 expected
  std::string log_in(std::string_view user, std::string_view key);    // the token

  std::shared_ptr<HubClient> connect(std::string_view target);   // upgrade; null pointer when refused
  std::shared_ptr<HubClient> connect_hub(std::string_view hub);  // connected, hands shaken, nothing taken
  std::shared_ptr<HubClient> watch_all();                        // user hub, everything of `guarded`
  void price(std::string_view contract, std::string_view last);
  void pass(std::int64_t ms);  // time goes by in steps of one millisecond

  Exchange exchange;
  std::int64_t mono_ns;
  PaperClock clock;
  std::vector<std::string> story;
  std::vector<std::int64_t> subscribed_users;
  Gateway gateway;
  std::string token;
};

}  // namespace paper
