#include "replay/replay.h"

#include <utility>

#include "replay/replay_steps.h"

namespace rm {

Result<std::unique_ptr<Replay>> Replay::open(const std::filesystem::path& journal, std::optional<Config> other) {
  auto reader = JournalReader::open(journal);
  if (!reader) return std::unexpected{reader.error()};
  return std::unique_ptr<Replay>{new Replay{std::make_unique<ReplaySteps>(std::move(*reader), std::move(other))}};
}

Replay::Replay(std::unique_ptr<ReplaySteps> steps) : steps_{std::move(steps)} {}
Replay::~Replay() = default;

Result<const ReplayStep*> Replay::step() {
  return steps_->next();
}
const Book& Replay::book() const {
  return steps_->shown().login().book();
}
const RiskEngine& Replay::engine() const {
  return steps_->shown().login().engine();
}
ContractTable& Replay::contracts() {
  return steps_->shown().program().contracts();
}
const RunStart& Replay::run() const {
  return steps_->shown().login().run();
}
const Config& Replay::config() const {
  return steps_->shown().login().config();
}
std::vector<AccountId> Replay::accounts() const {
  std::vector<AccountId> all;
  for (const auto& [number, login] : steps_->shown().program().logins()) {
    for (const WatchedAccount& watched : login.run().accounts) all.push_back(watched.account);
  }
  return all;
}
bool Replay::look_at(AccountId account) {
  return steps_->shown().look_at(account);
}
std::uint64_t Replay::events() const {
  return steps_->events();
}
std::uint64_t Replay::runs() const {
  return steps_->runs();
}
const Replay::Before& Replay::before() const {
  return steps_->before();
}

}  // namespace rm
