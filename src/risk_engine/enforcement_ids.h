#pragma once
#include "domain/ids.h"

namespace rm {

// Numbers enforcements; starts above every number used before a restart.
class EnforcementIds {
 public:
  explicit EnforcementIds(EnforcementId next) : next_{next.value()} {}
  [[nodiscard]] EnforcementId next() const { return EnforcementId{next_}; }
  EnforcementId take() { return EnforcementId{next_++}; }

 private:
  std::uint64_t next_;
};

}  // namespace rm
