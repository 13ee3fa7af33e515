#pragma once
// Quotes of every contract that is held or ordered, and the records of those that the gateway did not list. Loop
// thread.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "book/book.h"
#include "domain/contract_table.h"
#include "net/loop.h"
#include "projectx/rest/http_result.h"
#include "runtime/contract_records.h"
#include "runtime/hub_link.h"
#include "runtime/rest_gateway.h"

namespace rm {

class ContractFollower {
 public:
  // All must outlive the follower.
  struct Parts {
    net::Loop& loop;
    const ContractTable& contracts;
    ContractRecords& records;
    RestGateway& rest;
    HubLink& market_hub;
    std::string_view login;
    std::function<void(std::string sentence)> tell;  // a person has to hear of it
  };
  explicit ContractFollower(Parts parts) : parts_{std::move(parts)} {}

  void follow(const Book& book);
  // Asks again for the records that are still missing.
  void learn_followed();

 private:
  void follow(ContractId contract);
  void learn(ContractId contract);
  void take(ContractId contract, const projectx::HttpResult& result);

  Parts parts_;
  std::vector<bool> followed_;                  // by contract
  std::vector<std::int64_t> ask_record_again_;  // by contract, monotonic: when its record may be asked for (again)
  projectx::ReplyReader reader_;
};

}  // namespace rm
