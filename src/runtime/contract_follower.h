#pragma once
// Quotes of every contract that is held or ordered, and the records of those that the gateway did not list. Loop
// thread.

#include <cstdint>
#include <vector>

#include "book/book.h"
#include "domain/contract_table.h"
#include "net/loop.h"
#include "projectx/rest/http_result.h"
#include "runtime/hub_link.h"
#include "runtime/rest_gateway.h"

namespace rm {

class ContractFollower {
 public:
  // All must outlive the follower.
  ContractFollower(net::Loop& loop, ContractTable& contracts, RestGateway& rest, HubLink& market_hub)
      : loop_{loop}, contracts_{contracts}, rest_{rest}, market_hub_{market_hub} {}

  void follow(const Book& book);
  // Asks again for the records that are still missing.
  void learn_followed();

 private:
  void follow(ContractId contract);
  void learn(ContractId contract);

  net::Loop& loop_;
  ContractTable& contracts_;
  RestGateway& rest_;
  HubLink& market_hub_;
  std::vector<bool> followed_;                  // by contract
  std::vector<std::int64_t> ask_record_again_;  // by contract, monotonic: when its record may be asked for (again)
  projectx::ReplyReader reader_;
};

}  // namespace rm
