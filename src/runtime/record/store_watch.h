#pragma once
// Whether what is recorded reaches the disk: measured at each look, said loudly when it changes.

#include "observe/metrics.h"
#include "runtime/record/teller.h"
#include "store/store.h"

namespace rm {

class StoreWatch {
 public:
  // All must outlive the watch.
  StoreWatch(Store& store, Metrics& metrics, Teller& teller) : store_{store}, metrics_{metrics}, teller_{teller} {}
  void look(BrokerTime now);

 private:
  Store& store_;
  Metrics& metrics_;
  Teller& teller_;
  bool said_unhealthy_ = false;
};

}  // namespace rm
