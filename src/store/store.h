#pragma once
// What must survive: decisions, locks, trades, enforcements under way. The loop thread appends to a memory-mapped
// journal (a memcpy: no allocation in steady state, no lock, no system call; survives kill -9); the store thread
// turns the journal into database rows (survives power loss) and says how far it is. A lock is announced when its
// decision is in both.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/contract_table.h"
#include "enforcement/receipt.h"
#include "event_bus/risk_event.h"
#include "risk_engine/decision.h"
#include "store/chain.h"
#include "store/recovered.h"
#include "store/run_records.h"

namespace rm {

// Position in the journal, grows by one a record; 0: the record was lost (counted in StoreHealth::records_lost).
using JournalSequence = std::uint64_t;

struct StoreOptions {
  std::size_t segment_bytes = std::size_t{4} << 20;  // of one journal file; at least 4 KiB
  std::size_t keep_segments = 32;                    // finished journal files that stay on disk
  std::size_t memory_segments = 16;                  // at most this many are held in memory while the disk refuses
  std::chrono::milliseconds close_patience{
      5'000};  // close() gives a failing database up after this; the journal has everything
  // Called on the store thread after a commit that made a decision durable, or when the chain's head is to be said:
  // post a task to the loop that drains poll_durable() and asks take_head().
  std::function<void()> wake_loop;
};

// What is wrong right now and what was lost so far. All zero and true when everything works.
struct StoreHealth {
  bool journal_on_disk = true;  // false: the disk refuses journal files, records are held in memory
  int journal_errno = 0;        // why
  bool database_ok =
      true;  // false: the last transaction failed; it is tried again, the journal has everything meanwhile
  int database_code = 0;              // SQLite's extended result code
  std::uint64_t records_lost = 0;     // appended nowhere: no room in the journal. Must stay 0
  std::uint64_t records_skipped = 0;  // in the journal but not readable as rows. Must stay 0
  std::uint64_t appended = 0;         // highest JournalSequence in the journal
  std::uint64_t committed = 0;        // highest JournalSequence in the database
  [[nodiscard]] bool good() const {
    return journal_on_disk && database_ok && records_lost == 0 && records_skipped == 0;
  }
};
[[nodiscard]] std::string sentence(const StoreHealth& health);  // one sentence for a person

// Loop thread only, unless said otherwise.
class Store {
 public:
  // Name in the registry (static storage) of a rule as written in the database; empty when there is none any more.
  using ResolveRule = std::function<std::string_view(std::string_view)>;

  // Creates `dir` (owner only) when missing, takes it for this process alone, applies what the journal has beyond the
  // database, starts the store thread. Blocks; start-up only. `contracts` must outlive the store; contracts of what
  // is recovered are interned. Errors (Io, Refused), one sentence each: used by another process, not writable, disk
  // full, not a database of this program, made by a newer version, damaged.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::filesystem::path& dir, ContractTable& contracts,
                                                           const ResolveRule& resolve_rule,
                                                           StoreOptions options = {});
  ~Store();  // close()
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  [[nodiscard]] const Recovered& recovered() const;
  [[nodiscard]] int schema_version() const;

  // Each appends one record and returns its sequence. Never blocks. From then on the record outlives kill -9. Trades
  // inside events, snapshots and replies become rows of their own.
  // Quotes are gathered and recorded with the next record of another kind, or when there are enough of them: returns
  // 0, nothing is lost.
  JournalSequence record_event(const RiskEvent& event);
  void record_gathered_quotes();
  JournalSequence record_decision(const Decision& decision);
  JournalSequence record_request(const BrokerRequest& request, EnforcementId enforcement,
                                 BrokerTime at);  // enforcement 0: none
  JournalSequence record_reply(const BrokerReply& reply);
  JournalSequence record_receipt(const Receipt& receipt);
  JournalSequence record_lock_ended(const Lock& lock, BrokerTime at);
  // All running clocks of a rule, in place of those recorded before; none: they have ended.
  JournalSequence record_clocks(AccountId account, std::string_view rule, std::span<const RunningClock> clocks);
  JournalSequence record_trade(const Trade& trade);
  JournalSequence record_day(AccountId account, BrokerTime day_start, Money realised, Money costs, int trades);
  JournalSequence record_notification(const NotificationRow& notification);
  // The configuration in force, as YAML, in the trading day [day, until). The latest one is recovered.
  JournalSequence record_config(BrokerTime day, BrokerTime until, std::string_view yaml);
  JournalSequence record_run_begins(const RunBegins& run);
  JournalSequence record_login_turn(const LoginTurn& turn);
  // Of this program, the latest one recorded.
  [[nodiscard]] std::optional<std::uint32_t> login_in_turn() const;
  JournalSequence record_contract(const ContractKnown& contract);
  JournalSequence record_run_start(const RunStart& start);
  JournalSequence record_rules_changed(const RulesChanged& change);
  JournalSequence record_note(std::string_view what, std::string_view text, BrokerTime at);

  // The next decision that has become durable since it was recorded, in order; empty when there is none.
  [[nodiscard]] std::optional<EnforcementId> poll_durable();

  // How far the journal's chain of hashes goes, once after each receipt and each end of a journal file: whoever keeps
  // it elsewhere can show later that nothing before it was changed.
  [[nodiscard]] std::optional<ChainTip> take_head();

  // From any thread.
  [[nodiscard]] ChainTip chain_tip() const;
  [[nodiscard]] JournalSequence committed_sequence() const;
  [[nodiscard]] StoreHealth health() const;

  // Waits until everything recorded so far is in the database, at most `patience`; false: it is not (the journal has
  // it). Any thread.
  [[nodiscard]] bool flush(std::chrono::milliseconds patience);
  // Writes out and ends the thread. Nothing may be recorded afterwards. The files are closed, and the directory free,
  // with the object.
  void close();

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rm
