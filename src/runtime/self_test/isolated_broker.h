#pragma once
// The broker of the self-test: one account that nobody else sees. It says in the gateway's own text what the trader
// and the market do, answers what is read, and keeps what is asked for without doing it.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/contract_table.h"
#include "projectx/rest/http_result.h"
#include "projectx/suite/rest_transport.h"
#include "projectx/wire/hub_record.h"
#include "rules/breach.h"

namespace rm {

class IsolatedBroker final : public projectx::RestTransport {
 public:
  struct HubText {  // one call of the gateway's on us
    projectx::Hub hub{};
    projectx::HubTarget target{};
    std::string arguments;
  };
  struct Answer {
    projectx::RequestCookie cookie = 0;
    projectx::HttpResult result;
    std::string body;  // what result.body is of
  };
  struct Post {
    std::string path, body;
  };

  // `contract` outlives the broker; its record is known.
  IsolatedBroker(AccountId account, const Contract& contract);

  // ── the trader and the market ── waiting is not theirs: a step of time does nothing here
  void carry_out(const Breach::Step& step, BrokerTime now);
  [[nodiscard]] std::vector<HubText> take_told() { return std::exchange(told_, {}); }

  // ── RestTransport ──
  void post(std::string_view path, std::string_view body, projectx::Priority priority,
            projectx::RequestCookie cookie) override;
  void decline(projectx::RequestCookie cookie, std::string_view why) override;
  // To reads, and to what was declined.
  [[nodiscard]] std::vector<Answer> take_answers(BrokerTime now);
  // That would have changed something in the account.
  [[nodiscard]] const std::vector<Post>& asked_for() const { return asked_for_; }
  [[nodiscard]] bool was_read() const { return was_read_; }

  // ── what is so ──
  [[nodiscard]] BrokerTime now() const { return now_; }
  [[nodiscard]] Lots size() const { return size_; }
  [[nodiscard]] std::size_t working_orders() const { return orders_.size(); }
  [[nodiscard]] bool can_trade() const { return can_trade_; }

 private:
  struct Working {
    OrderId id;
    std::string json;
  };
  void step(const Breach::Enter& enter);
  void step(const Breach::RoundTrips& trips);
  void step(const Breach::Place& place);
  void step(const Breach::MoveTo& move);
  void step(const Breach::MoveTicks& move);
  void step(const Breach::Exit& exit);
  void step(const Breach::Wait&) {}
  void step(const Breach::GoTo&) {}
  void step(const Breach::TradingRight& right);

  void fill(Lots signed_lots);
  void tell_position();
  void tell_price();
  void tell_user(projectx::HubTarget target, std::string_view json);
  [[nodiscard]] std::string position_json() const;
  [[nodiscard]] std::string account_json() const;
  [[nodiscard]] std::string answer_to(std::string_view path) const;
  [[nodiscard]] std::string now_text() const { return format_timestamp(now_); }

  AccountId account_;
  const Contract& contract_;
  BrokerTime now_;
  std::int64_t price_;  // nanos
  Lots size_;           // signed
  PriceSum paid_;
  bool can_trade_ = true, was_read_ = false;
  std::int64_t next_id_ = 1;
  std::vector<Working> orders_;
  std::vector<std::string> trades_;
  std::vector<HubText> told_;
  std::vector<Post> asked_for_;
  struct Waiting {
    projectx::RequestCookie cookie = 0;
    std::string path, declined;  // one of them
  };
  std::vector<Waiting> waiting_;
};

}  // namespace rm
