#pragma once
// Each request that left for the broker, and its answer, which knows the request by its number alone.

#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/contract_table.h"
#include "observe/metrics.h"
#include "projectx/suite/broker_api.h"
#include "runtime/record/teller.h"
#include "store/store.h"

namespace rm {

class RequestRecord {
 public:
  // All must outlive the record.
  RequestRecord(Store& store, Metrics& metrics, const ContractTable& contracts, Teller& teller)
      : store_{store}, metrics_{metrics}, contracts_{contracts}, teller_{teller} {}
  void on_request(const BrokerRequest& request, EnforcementId enforcement, BrokerTime now);
  void on_reply(const BrokerReply& reply);

 private:
  struct Sent {
    std::string_view what;
    EnforcementId enforcement;
    bool acting;  // not a read
  };
  Sent take(RequestId id);

  Store& store_;
  Metrics& metrics_;
  const ContractTable& contracts_;
  Teller& teller_;
  std::unordered_map<RequestId, Sent> sent_;  // and not answered
};

}  // namespace rm
