#pragma once
// The guardian with its recorder and its real store, against the fake broker, in virtual time. It can be killed and
// started again: what the new one knows comes from the store, everything else from the broker.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "observe/notify.h"
#include "runtime/guardian.h"
#include "runtime/recorder.h"
#include "store/store.h"
#include "support/fake_broker.h"
#include "support/temp_dir.h"

namespace rm::test {

// Where a store costs no disk: a thousand of them are opened.
[[nodiscard]] std::filesystem::path in_memory();

// What outlives a world: log and notifications go nowhere that matters, but they go there for real.
struct Surroundings {
  Surroundings();
  ~Surroundings();
  TempDir dir;
  std::unique_ptr<Log> log;
  Metrics metrics;
  std::unique_ptr<Notifier> notifier;
};

struct WorldOptions {
  std::string rules;  // YAML, "max_contracts: {max_contracts: 5}"
  std::vector<AccountId> accounts;
  BrokerTime begin;
  Reconciler::Pace pace{};
};

class GuardedWorld {
 public:
  GuardedWorld(Surroundings& surroundings, WorldOptions options);
  ~GuardedWorld();
  GuardedWorld(const GuardedWorld&) = delete;
  GuardedWorld& operator=(const GuardedWorld&) = delete;

  ContractTable contracts;
  std::vector<ContractId> traded;  // MNQ, NQ, ES, RTY
  FakeBroker broker;
  BrokerTime now;

  // ── what can be cut, to see that it is noticed ──
  bool forgets_enforcements = false;         // those that were unfinished are not resumed
  std::function<void(BrokerReply&)> forged;  // answers come like this instead

  // ── the risk manager ──
  void start();
  enum class Lost { Nothing, Database };
  void kill(Lost lost);  // the database too: then the journal is all there is
  [[nodiscard]] bool alive() const { return guardian_ != nullptr; }
  void connect();
  void disconnect();
  [[nodiscard]] bool connected() const { return broker.stream_up; }

  // ── the world ──
  void trader(AccountId account, const std::function<void(FakeAccount&, FakeAccount::Told&)>& what);
  void market(ContractId contract, Price last, bool told = true);
  void pass(Duration duration);

  [[nodiscard]] const AccountBook& book(AccountId account) const { return *guardian_->book().find(account); }
  [[nodiscard]] bool enforcing(AccountId account) const;
  [[nodiscard]] bool locked(AccountId account) const;
  [[nodiscard]] std::uint32_t incidents(AccountId account) const;  // since the last start
  [[nodiscard]] bool locked_by(AccountId account, std::string_view rule) const;
  // A hard lock of the account that nothing but the reset ends.
  [[nodiscard]] bool locked_until_reset(AccountId account) const;
  // What was wrong on the way: a deadline that does not move on, an enforcement called done that was not.
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }
  // Enforcements that were unfinished at the last start and have not ended since.
  [[nodiscard]] std::vector<std::string> forgotten() const;
  // The last fill before `at` that was not our doing, when nothing was being enforced at that moment; else nothing.
  [[nodiscard]] std::optional<BrokerTime> quiet_fill_before(AccountId account, BrokerTime at) const;

 private:
  void restore(const Recovered& recovered);
  void deliver_due();
  void on_reply(const BrokerReply& reply);
  [[nodiscard]] bool holds(const Goal& goal, const FakeAccount& account) const;

  Surroundings& surroundings_;
  WorldOptions options_;
  std::vector<RuleConfig> rules_;
  TradingCalendar calendar_;
  TempDir dir_{in_memory()};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<Guardian> guardian_;
  RequestId first_request_;  // of this life: answers to earlier ones went to a process that is gone
  std::uint32_t generation_ = 0;
  std::vector<std::string> complaints_;
  std::vector<EnforcementId> owed_;  // unfinished at the last start
  struct Fill {
    AccountId account;
    BrokerTime at;
    bool quiet;
  };
  std::vector<Fill> fills_;                  // that were not ours, in order of time
  std::map<AccountId, BrokerTime> touched_;  // by the trader or the market, last
};

}  // namespace rm::test
