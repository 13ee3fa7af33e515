#include "projectx/suite/broker_api.h"

#include <array>

namespace rm {

std::string_view name_of(Outcome outcome) {
  constexpr std::array<std::string_view, 6> kNames{"accepted", "refused",      "ambiguous",
                                                   "not_sent", "rate_limited", "unauthorised"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::string_view name_of(const BrokerAsk& ask) {
  constexpr std::array<std::string_view, std::variant_size_v<BrokerAsk>> kNames{
      "closeContract",     "partialCloseContract", "cancel",      "modify", "readPositions",
      "readWorkingOrders", "readTrades",           "readAccount", "place",  "modify"};
  return kNames[ask.index()];
}

}  // namespace rm
