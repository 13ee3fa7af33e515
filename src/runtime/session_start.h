#pragma once
// The start of a login, in this order: token → accounts → contracts. What may be better in a moment is asked again.
// Loop thread.

#include <functional>
#include <string>
#include <vector>

#include "config/config.h"
#include "domain/contract_table.h"
#include "net/loop.h"
#include "projectx/rest/http_result.h"
#include "projectx/wire/entities.h"
#include "runtime/rest_gateway.h"
#include "store/recovered.h"

namespace rm {

class SessionStart {
 public:
  struct Parts {  // all must outlive the start
    net::Loop& loop;
    RestGateway& rest;
    ContractTable& contracts;
    const Config& config;
    const Recovered& recovered;
  };
  struct Steps {
    // Accounts are being chosen: the broker's time is known now.
    std::function<bool(AccountId, std::string_view name)> guards;
    std::function<void()> ready;                              // accounts() and the contracts are known
    std::function<void(const std::string& sentence)> failed;  // the login cannot be guarded
  };
  SessionStart(Parts parts, Steps steps);

  // A login or a renewal ended, see RestGatewayListener.
  void on_login(bool good, bool refused, std::string_view text);
  [[nodiscard]] const std::vector<projectx::AccountRecord>& accounts() const { return accounts_; }

 private:
  void ask_accounts();
  void take_accounts(const projectx::HttpResult& result);
  void choose_accounts(std::vector<projectx::AccountRecord> listed);
  [[nodiscard]] bool all_found();
  void ask_contracts();
  void take_contracts(const projectx::HttpResult& result);
  void failed_step(const projectx::HttpResult& result, const std::string& sentence, std::function<void()> again);

  Parts parts_;
  Steps steps_;
  std::vector<projectx::AccountRecord> accounts_;
  projectx::ReplyReader reader_;
  bool first_login_ = true;
  int failures_ = 0;
  std::function<void()> next_step_;
  net::Loop::Timer again_;
};

// Why an answer could not be used, for the end of a sentence.
[[nodiscard]] std::string why_not(const projectx::HttpResult& result, const Error* error);

}  // namespace rm
