#pragma once
// R7: what must become true at the broker, which lock is set, and why.

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/violation.h"

namespace rm {

// One merged decision per account and event. The engine's own buffer: valid until its next call; copy to keep.
struct Decision {
  EnforcementId id;
  AccountId account;
  std::uint64_t trigger_sequence = 0;  // RiskEvent::sequence
  std::string_view trigger;            // name_of(event)
  BrokerTime at;
  std::int64_t received_ns = 0;  // monotonic, of the bytes of the trigger
  Goal goal;
  std::vector<Violation> violations;  // every one, with its own reason; order of the registry
  std::vector<Lock> locks;            // newly set
};

}  // namespace rm
