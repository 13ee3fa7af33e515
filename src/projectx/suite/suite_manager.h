#pragma once
// Knows which trading suite serves which account, over how many logins there may be. The BrokerApi the executor
// speaks to.

#include <deque>
#include <optional>
#include <vector>

#include "projectx/suite/trading_suite.h"

namespace rm::projectx {

using SessionId = Strong<struct SessionTag, std::uint32_t>;  // one login

class SuiteManager final : public BrokerApi {
 public:
  // The first login's transport. The contracts must outlive the manager, a transport its last request.
  SuiteManager(ContractTable& contracts, RestTransport& first_session);
  // Without a login yet: add_session() comes before the first request.
  explicit SuiteManager(ContractTable& contracts) : contracts_{contracts} {}

  [[nodiscard]] static SessionId first_session() { return SessionId{0}; }
  SessionId add_session(RestTransport& transport);
  // Errors: NotFound (no such session), Refused (the account has a suite already, or there are 65535).
  [[nodiscard]] Result<TradingSuite*> add_account(SessionId session, AccountId account);

  // The suite stays where it is as long as the manager lives. Errors: UnknownAccount; UnknownContract.
  [[nodiscard]] Result<TradingSuite*> find(AccountId account);
  [[nodiscard]] Result<TradingSuite*> find(AccountId account, ContractId contract);  // able to trade this instrument

  // Hands the request to the suite of its account and instrument; where there is none the reply is NotSent and says
  // so.
  void send(const BrokerRequest& request) override;
  // How a POST of any suite ended; see TradingSuite::on_http().
  [[nodiscard]] std::optional<BrokerReply> on_http(RequestCookie cookie, const HttpResult& result);

 private:
  static constexpr std::uint16_t kNobody = 0xffff;
  struct Undeliverable {
    RequestCookie cookie = 0;
    RequestId id;
    AccountId account;
    std::string why;
  };

  ContractTable& contracts_;
  std::vector<RestTransport*> sessions_;
  std::deque<TradingSuite> suites_;
  std::vector<Undeliverable> undeliverable_;
  std::uint64_t next_cookie_ = 1;
};

}  // namespace rm::projectx
