// Trading stops for a while: in the firm's closed window on command, in a velocity pause, in an outage.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "paper_gateway/exchange/calendar.h"
#include "paper_gateway/exchange/core.h"

namespace paper {

std::expected<void, std::string> Exchange::Core::halt(const HaltRequest& request) {
  if (!request.contract.empty() && !catalogue.by_id(request.contract)) {
    return std::unexpected(fmt::format("no contract '{}'", request.contract));
  }
  if (request.length <= Nanos{0}) {
    for (Halt& running : halts) {
      if (request.contract.empty() || running.contract == request.contract) running.until = now;
    }
    resume();
    return {};
  }
  halts.push_back({request.kind, request.contract, now + request.length});
  later.at(now + request.length, [this] { resume(); });
  if (request.kind != HaltKind::Velocity) return {};
  std::vector<OrderId> on_the_way;
  for (const auto& [contract, ids] : working) {
    if (request.contract.empty() || contract == request.contract)
      std::ranges::copy_if(ids, std::back_inserter(on_the_way),
                           [&](OrderId id) { return state(id).order.status == OrderStatus::Pending; });
  }
  for (const OrderId id : on_the_way) end_order(state(id), OrderStatus::Cancelled);
  return {};
}

// What the market has come to meanwhile is one step, past stops and limits on its way.
void Exchange::Core::resume() {
  std::erase_if(halts, [this](const Halt& halt) { return halt.until <= now; });
  std::vector<PriceUpdate> news;
  for (const auto& [contract, price] : held_back) {
    if (!prices_stand_still(contract)) news.push_back(price);
  }
  for (const PriceUpdate& price : news) {
    held_back.erase(price.contract);
    (void)set_price(price);  // was looked at when it came
  }
  std::vector<std::string> contracts;
  for (const auto& [contract, market] : markets) contracts.push_back(contract);
  for (const std::string& contract : contracts) match(contract);
}

const Halt* Exchange::Core::halted(std::string_view contract) const {
  const auto found = std::ranges::find_if(halts, [&](const Halt& halt) {
    return halt.until > now && (halt.contract.empty() || halt.contract == contract);
  });
  return found == halts.end() ? nullptr : &*found;
}

bool Exchange::Core::prices_stand_still(std::string_view contract) const {
  return std::ranges::any_of(halts, [&](const Halt& halt) {
    return halt.until > now && halt.kind != HaltKind::Closed && (halt.contract.empty() || halt.contract == contract);
  });
}

bool Exchange::Core::closed(std::string_view contract) const {
  return halted(contract) != nullptr || (settings.firm_window && !firm_window_open(now));
}

}  // namespace paper
