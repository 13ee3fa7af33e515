#include "store/store.h"

#include <cstring>
#include <deque>
#include <thread>

#include "store/chain_recovery.h"
#include "store/codec.h"
#include "store/database.h"
#include "store/journal.h"
#include "store/journal_files.h"
#include "store/migrations.h"
#include "store/quote_batch.h"
#include "store/store_directory.h"
#include "store/store_thread.h"

namespace rm {
namespace {

constexpr std::size_t kPendingDecisions = 1024;

// What the last process appended but did not see in the database. Returns the highest sequence in use.
Result<std::uint64_t> replay(const std::filesystem::path& dir, Database& database, Recovered& recovered,
                             std::uint64_t& skipped) {
  const std::uint64_t mark = database.journal_mark();
  Result<JournalScan> scan;
  const auto batch = database.write([&](const Database::Visit& visit) { scan = read_journal(dir, mark, visit); });
  if (!scan) return std::unexpected{scan.error()};
  const std::uint64_t last = std::max(mark, scan->last_sequence);
  if (!batch || !database.write_mark(last)) {
    return fail(ErrorCode::Io, "the journal in " + dir.string() +
                                   " cannot be brought into the database (SQLite code " +
                                   std::to_string(batch ? 0 : batch.error()) + ")");
  }
  trim_segments(dir, mark);
  recovered.replayed_records = scan->records;
  recovered.cut_bytes = scan->cut_bytes;
  skipped = batch->skipped;
  return last;
}

}  // namespace

struct Store::Impl {
  Impl(StoreDirectory taken, ContractTable& table) : directory{std::move(taken)}, contracts{table} {
    pending.reserve(kPendingDecisions);
  }

  // What is recorded comes behind the quotes that came before it.
  template <class T>
  JournalSequence append(RecordType type, const T& value) {
    append_quotes();
    return append_record(type, [&](ByteWriter& out) { encode(out, value, contracts); });
  }
  void append_quotes() {
    if (quotes.empty()) return;
    append_record(RecordType::Quotes, [&](ByteWriter& out) { out.put_bytes(quotes.bytes()); });
    quotes.clear();
  }
  JournalSequence append_record(RecordType type, const auto& write) {
    for (int attempt = 0; attempt < 2 && !closed; ++attempt) {
      ByteWriter out{journal->room()};
      write(out);
      if (out.ok()) return journal->commit(type, out.size());
      if (!journal->next_segment()) break;
    }
    lost.fetch_add(1, std::memory_order_relaxed);
    return 0;
  }

  struct Pending {
    JournalSequence sequence;
    EnforcementId enforcement;
  };

  StoreDirectory directory;
  ContractTable& contracts;
  Recovered recovered;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<Database> database;
  std::unique_ptr<StoreThread> thread;
  QuoteBatch quotes;
  std::optional<std::uint32_t> login_in_turn;
  layout::ClocksRecord clocks;  // its room is kept: recording allocates nothing
  std::uint64_t skipped_at_start = 0;
  std::atomic<std::uint64_t> lost = 0;
  bool closed = false;

  std::vector<Pending> pending;  // decisions on their way into the database, in order
  std::size_t announced = 0;     // of them
};

Store::Store(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Store::~Store() {
  close();
}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& dir, ContractTable& contracts,
                                           const ResolveRule& resolve_rule, StoreOptions options) {
  auto directory = StoreDirectory::take(dir);
  if (!directory) return std::unexpected{directory.error()};
  auto impl = std::make_unique<Impl>(std::move(*directory), contracts);

  auto database = Database::open(dir / "risk-manager.db");
  if (!database) return std::unexpected{database.error()};
  impl->database = std::move(*database);

  Recovered replayed;
  const std::uint64_t taken_before = impl->database->journal_mark();
  const auto last = replay(dir, *impl->database, replayed, impl->skipped_at_start);
  if (!last) return std::unexpected{last.error()};
  auto recovered = impl->database->recover(contracts, resolve_rule);
  if (!recovered) return std::unexpected{recovered.error()};
  impl->recovered = std::move(*recovered);
  impl->recovered.replayed_records = replayed.replayed_records;
  impl->recovered.cut_bytes = replayed.cut_bytes;

  const auto heads = impl->database->chain_rows();
  const bool heads_gone =
      impl->database->chain_table_was_gone() || (heads.empty() && taken_before > 0 && !list_chains(dir).empty());
  auto chain = recover_chain(dir, heads, heads_gone);
  if (!chain) return std::unexpected{chain.error()};
  impl->database->write_mark(*last, {chain->rows, {}, true});
  impl->recovered.chain = sentence(*chain);
  impl->recovered.chain_fits = chain->trouble.empty();

  auto journal = Journal::open(dir, chain->last_segment + 1, *last + 1,
                               {options.segment_bytes, options.keep_segments, options.memory_segments}, chain->tip);
  if (!journal) return std::unexpected{journal.error()};
  impl->journal = std::move(*journal);
  impl->thread = std::make_unique<StoreThread>(*impl->journal, *impl->database, *last, options.close_patience,
                                               std::move(options.wake_loop));
  std::unique_ptr<Store> store{new Store{std::move(impl)}};
  // Of no time: the broker's is not known before the login.
  if (const std::string& said = store->recovered().chain; !said.empty())
    store->record_note("journal_chain", said, {});
  return store;
}

const Recovered& Store::recovered() const {
  return impl_->recovered;
}
int Store::schema_version() const {
  return kSchemaVersion;
}

JournalSequence Store::record_event(const RiskEvent& event) {
  if (!std::holds_alternative<QuoteUpdated>(event.body)) return impl_->append(RecordType::Event, seen(event));
  if (!impl_->quotes.add(event)) {
    impl_->append_quotes();
    (void)impl_->quotes.add(event);
  }
  return 0;
}
void Store::record_gathered_quotes() {
  impl_->append_quotes();
}

JournalSequence Store::record_decision(const Decision& decision) {
  const JournalSequence sequence = impl_->append(RecordType::Decision, decision);
  if (sequence == 0) return 0;
  if (impl_->announced == impl_->pending.size()) {
    impl_->pending.clear();
    impl_->announced = 0;
  }
  impl_->pending.push_back({sequence, decision.id});
  return sequence;
}

JournalSequence Store::record_request(const BrokerRequest& request, EnforcementId enforcement, BrokerTime at) {
  return impl_->append(RecordType::Request, layout::RequestRecord{request, enforcement, at});
}
JournalSequence Store::record_reply(const BrokerReply& reply) {
  return impl_->append(RecordType::Reply, reply);
}
JournalSequence Store::record_receipt(const Receipt& receipt) {
  return impl_->append(RecordType::Receipt, receipt);
}
JournalSequence Store::record_lock_ended(const Lock& lock, BrokerTime at) {
  return impl_->append(RecordType::LockEnded, layout::LockEndedRecord{lock, at});
}
JournalSequence Store::record_clocks(AccountId account, std::string_view rule, std::span<const RunningClock> clocks) {
  impl_->clocks.account = account;
  impl_->clocks.rule = rule;
  impl_->clocks.clocks.assign(clocks.begin(), clocks.end());
  return impl_->append(RecordType::Clocks, impl_->clocks);
}
JournalSequence Store::record_trade(const Trade& trade) {
  return impl_->append(RecordType::Trade, trade);
}
JournalSequence Store::record_day(AccountId account, BrokerTime day_start, Money realised, Money costs, int trades) {
  return impl_->append(RecordType::Day, DayRow{account, day_start, realised, costs, trades});
}
JournalSequence Store::record_notification(const NotificationRow& notification) {
  return impl_->append(RecordType::Notification, notification);
}
JournalSequence Store::record_config(BrokerTime day, BrokerTime until, std::string_view yaml) {
  return impl_->append(RecordType::Config, ConfigRow{day, until, in_parts(yaml)});
}
JournalSequence Store::record_run_begins(const RunBegins& run) {
  return impl_->append(RecordType::RunBegins, run);
}
JournalSequence Store::record_login_turn(const LoginTurn& turn) {
  const JournalSequence sequence = impl_->append(RecordType::LoginTurn, turn);
  if (sequence != 0) impl_->login_in_turn = turn.login;
  return sequence;
}
std::optional<std::uint32_t> Store::login_in_turn() const {
  return impl_->login_in_turn;
}
JournalSequence Store::record_contract(const ContractKnown& contract) {
  return impl_->append(RecordType::Contract, contract);
}
JournalSequence Store::record_run_start(const RunStart& start) {
  return impl_->append(RecordType::RunStart, start);
}
JournalSequence Store::record_rules_changed(const RulesChanged& change) {
  return impl_->append(RecordType::RulesChanged, change);
}
JournalSequence Store::record_note(std::string_view what, std::string_view text, BrokerTime at) {
  return impl_->append(RecordType::Note, layout::NoteRecord{std::string{what}, std::string{text}, at});
}

std::optional<EnforcementId> Store::poll_durable() {
  if (impl_->announced == impl_->pending.size()) return std::nullopt;
  const auto& next = impl_->pending[impl_->announced];
  if (next.sequence > committed_sequence()) return std::nullopt;
  ++impl_->announced;
  return next.enforcement;
}

std::optional<ChainTip> Store::take_head() {
  if (!impl_->thread->head_due.exchange(false, std::memory_order_acq_rel)) return std::nullopt;
  return chain_tip();
}

ChainTip Store::chain_tip() const {
  return impl_->journal->chain_tip();
}

JournalSequence Store::committed_sequence() const {
  return impl_->thread->committed.load(std::memory_order_acquire);
}

StoreHealth Store::health() const {
  StoreHealth health;
  health.journal_errno = impl_->thread->journal_errno.load(std::memory_order_relaxed);
  health.journal_on_disk = health.journal_errno == 0;
  health.database_code = impl_->thread->database_code.load(std::memory_order_relaxed);
  health.database_ok = health.database_code == 0;
  health.records_lost = impl_->lost.load(std::memory_order_relaxed);
  health.records_skipped = impl_->skipped_at_start + impl_->thread->skipped.load(std::memory_order_relaxed);
  health.committed = committed_sequence();
  health.appended = std::max(health.committed, impl_->journal->last_sequence());
  return health;
}

bool Store::flush(std::chrono::milliseconds patience) {
  const auto wanted = impl_->journal->last_sequence();
  const auto until = std::chrono::steady_clock::now() + patience;
  while (committed_sequence() < wanted) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

void Store::close() {
  if (!impl_ || impl_->closed) return;
  impl_->append_quotes();
  impl_->closed = true;
  impl_->thread->stop();
}

std::string sentence(const StoreHealth& health) {
  if (health.good()) return "the store works";
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (health.records_lost > 0)
    add(std::to_string(health.records_lost) + " records were lost: the journal had no room");
  if (!health.journal_on_disk)
    add(std::string{"the disk refuses journal files ("} + std::strerror(health.journal_errno) +
        "): records are held in memory");
  if (!health.database_ok) {
    add("the database cannot be written (SQLite code " + std::to_string(health.database_code) + "), " +
        std::to_string(health.appended - health.committed) + " records wait in the journal");
  }
  if (health.records_skipped > 0)
    add(std::to_string(health.records_skipped) + " records of the journal could not be read");
  return text;
}

}  // namespace rm
