#pragma once
#include "domain/ids.h"

namespace rm {

// Numbers requests to the broker; starts above every number used before a restart.
class RequestIds {
 public:
  explicit RequestIds(RequestId next) : next_{next.value()} {}
  RequestId take() { return RequestId{next_++}; }

 private:
  std::uint64_t next_;
};

}  // namespace rm
