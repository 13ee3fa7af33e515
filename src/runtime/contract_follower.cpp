#include "runtime/contract_follower.h"

#include <array>

#include "observe/log.h"
#include "runtime/session_start.h"

namespace rm {
namespace {

constexpr std::int64_t kAskRecordEvery = 10'000'000'000;

}  // namespace

void ContractFollower::follow(const Book& book) {
  const std::size_t known = parts_.contracts.size();
  if (followed_.size() < known) {
    followed_.resize(known, false);
    ask_record_again_.resize(known, 0);
  }
  for (const auto& account : book.accounts()) {
    for (const Holding& holding : account->holdings()) {
      if (!holding.flat()) follow(holding.contract);
    }
    for (const Order& order : account->orders().all()) follow(order.contract);
  }
}

// Asked for later in the loop: a hub session must not be called from inside itself.
void ContractFollower::follow(ContractId contract) {
  if (followed_[contract.value()]) return;
  followed_[contract.value()] = true;
  parts_.loop.post([this, contract] {
    parts_.market_hub.carry_out(parts_.market_hub.session().subscribe_contract(
        parts_.contracts.at(contract).broker_id, parts_.loop.monotonic_ns()));
    learn(contract);
  });
}

// A contract that is not among the active ones (an old month still held) has a record of its own.
void ContractFollower::learn(ContractId contract) {
  const std::int64_t now_ns = parts_.loop.monotonic_ns();
  std::int64_t& again = ask_record_again_[contract.value()];
  if (parts_.contracts.at(contract).valuable() || now_ns < again) return;
  again = now_ns + kAskRecordEvery;
  std::array<char, 512> buffer{};
  parts_.rest.ask(projectx::Endpoint::ContractSearchById,
                  projectx::body::contract_by_id(buffer, parts_.contracts.at(contract).broker_id),
                  [this, contract](const projectx::HttpResult& result) { take(contract, result); });
}

void ContractFollower::take(ContractId contract, const projectx::HttpResult& result) {
  const LogLogin said_of{parts_.login};
  const auto record = projectx::read_contract_by_id(reader_, result.status == 200 ? result.body : std::string_view{});
  if (!record) {
    log(Level::Error, "contract_unknown",
        "a contract's record could not be read, positions in it cannot be valued: " +
            why_not(result, &record.error()),
        {{"contract", parts_.contracts.at(contract).broker_id}});
    return;
  }
  const auto learned = parts_.records.learn(parts_.login, *record);
  if (!learned) parts_.tell(learned.error().message);
}

void ContractFollower::learn_followed() {
  for (std::size_t i = 0; i < followed_.size(); ++i) {
    if (followed_[i]) learn(ContractId{static_cast<std::uint32_t>(i)});
  }
}

}  // namespace rm
