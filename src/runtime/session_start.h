#pragma once
// The start of a login, in this order: token → accounts → contracts. What may be better in a moment is asked again.
// Loop thread.

#include <functional>
#include <string>
#include <vector>

#include "config/config.h"
#include "net/loop.h"
#include "projectx/rest/http_result.h"
#include "projectx/wire/entities.h"
#include "runtime/contract_records.h"
#include "runtime/rest_gateway.h"
#include "store/recovered.h"

namespace rm {

class SessionStart {
 public:
  struct Parts {  // all must outlive the start
    net::Loop& loop;
    RestGateway& rest;
    ContractRecords& contracts;
    std::string_view login;  // empty: the only one
    const Config& config;
    const Recovered& recovered;
  };
  struct Steps {
    // Accounts are being chosen: the broker's time is known now.
    std::function<bool(AccountId, std::string_view name)> guards;
    std::function<void()> ready;                     // accounts() and the contracts are known
    std::function<void(std::string sentence)> tell;  // a person has to hear of it
    // The login cannot be guarded as things are. True: it is tried again all the same, others go on meanwhile.
    std::function<bool(const std::string& sentence)> failed;
  };
  SessionStart(Parts parts, Steps steps);

  // Why accounts cannot be guarded yet; empty: nothing is known to be wrong.
  [[nodiscard]] const std::string& problem() const { return problem_; }
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
  void give_up(const std::string& sentence, std::function<void()> again);
  void again_in(std::int64_t wait_ns, std::function<void()> step);
  void failed_step(const projectx::HttpResult& result, const std::string& sentence, std::function<void()> again);

  Parts parts_;
  Steps steps_;
  std::vector<projectx::AccountRecord> accounts_;
  projectx::ReplyReader reader_;
  std::string problem_;
  bool first_login_ = true;
  int failures_ = 0;
  std::function<void()> next_step_;
  net::Loop::Timer again_;
};

// Why an answer could not be used, for the end of a sentence.
[[nodiscard]] std::string why_not(const projectx::HttpResult& result, const Error* error);

}  // namespace rm
