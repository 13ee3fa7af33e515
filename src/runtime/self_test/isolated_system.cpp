#include "runtime/self_test/isolated_system.h"

namespace rm {
namespace {

constexpr int kOneByOne = 12;  // deadlines of a long wait

}  // namespace

IsolatedSystem::IsolatedSystem(Place place, std::span<const RuleConfig> rules, ContractId contract, BrokerTime now)
    : place_{place},
      now_{now},
      broker_{place.account, place.contracts.at(contract)},
      suites_{place.contracts, broker_},
      bridge_{place.contracts},
      guardian_{place.contracts, place.calendar, suites_, reached_, place.settings} {
  // A suite that could not be made is found missing by the first request.
  [[maybe_unused]] const auto added = suites_.add_account(projectx::SuiteManager::first_session(), place.account);
  guardian_.watch(place.account, rules, Reconciler::Pace{}, now);
  bridge_.watch(place.account);
}

void IsolatedSystem::connect() {
  guardian_.on_user_stream(true, Generation{1}, now_);
  answer();
}

void IsolatedSystem::take_unseen(const Breach::Step& step) {
  broker_.carry_out(step, now_);
  (void)broker_.take_told();
}

void IsolatedSystem::take(const Breach::Step& step) {
  if (const auto* wait = std::get_if<Breach::Wait>(&step)) return pass_until(now_ + wait->time);
  if (const auto* at = std::get_if<Breach::GoTo>(&step)) return pass_until(at->time);
  now_ = now_ + std::chrono::microseconds{1};  // a session, or a day, may end in a moment
  broker_.carry_out(step, now_);
  now_ = std::max(now_, broker_.now());
  hear();
  answer();
}

// As the real system does it with each message of a hub.
void IsolatedSystem::hear() {
  for (IsolatedBroker::HubText& said : broker_.take_told()) {
    const auto events = bridge_.on_hub_record(said.hub, said.target, text_.assign(said.arguments), now_, 0);
    bridged_ += events.size();
    for (const RiskEvent& event : events) guardian_.enqueue(event);
    if (events.empty() && !unbridged_) unbridged_ = std::move(said);
    guardian_.drain(now_);
  }
}

void IsolatedSystem::answer() {
  for (auto answers = broker_.take_answers(now_); !answers.empty(); answers = broker_.take_answers(now_)) {
    for (const IsolatedBroker::Answer& answer : answers) {
      if (const auto reply = suites_.on_http(answer.cookie, answer.result)) guardian_.on_reply(*reply, now_);
    }
  }
}

void IsolatedSystem::to(BrokerTime time) {
  now_ = std::max(now_, time);
  guardian_.on_deadline(now_);
  answer();
}

// From deadline to deadline as far as that is cheap, then at once, as after a sleep of the computer.
void IsolatedSystem::pass_until(BrokerTime time) {
  for (int i = 0; i < kOneByOne; ++i) {
    const auto due = guardian_.next_deadline();
    if (!due || *due >= time) break;
    to(*due);
  }
  to(time);
}

}  // namespace rm
