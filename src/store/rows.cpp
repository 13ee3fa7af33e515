#include "store/rows.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>

#include "store/codec.h"
#include "store/describe.h"

namespace rm {
namespace {

// Binds the columns of a prepared statement from left to right.
class Row {
 public:
  explicit Row(SQLite::Statement& statement) : statement_{statement} {
    statement_.tryReset();  // reset() would throw the error of the last run once more
    statement_.clearBindings();
  }
  Row& operator<<(std::int64_t value) { return statement_.bind(++at_, value), *this; }
  Row& operator<<(std::uint64_t value) { return *this << static_cast<std::int64_t>(value); }
  Row& operator<<(int value) { return *this << std::int64_t{value}; }
  Row& operator<<(bool value) { return *this << std::int64_t{value ? 1 : 0}; }
  Row& operator<<(Money value) { return *this << value.nanos(); }
  Row& operator<<(BrokerTime value) { return *this << value.nanos(); }
  Row& operator<<(const std::string& text) { return statement_.bind(++at_, text), *this; }
  Row& operator<<(std::string_view text) { return *this << std::string{text}; }
  Row& operator<<(const char* text) { return *this << std::string{text}; }
  Row& operator<<(const std::vector<std::byte>& bytes) {
    statement_.bind(++at_, bytes.data(), static_cast<int>(bytes.size()));
    return *this;
  }
  template <class Tag, class Rep>
  Row& operator<<(Strong<Tag, Rep> id) {
    return *this << id.value();
  }
  template <class T>
  Row& operator<<(const std::optional<T>& value) {
    if (value) return *this << *value;
    return statement_.bind(++at_), *this;
  }
  int write() { return statement_.exec(); }  // rows changed

 private:
  SQLite::Statement& statement_;
  int at_ = 0;
};

constexpr const char* kTrade =
    "INSERT INTO trades VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (account, id) DO UPDATE SET contract = "
    "excluded.contract,"
    " order_id = excluded.order_id, side = excluded.side, size = excluded.size, price_nanos = excluded.price_nanos,"
    " pnl_nanos = excluded.pnl_nanos, fees_nanos = excluded.fees_nanos, commissions_nanos = "
    "excluded.commissions_nanos,"
    " voided = excluded.voided, time_ns = excluded.time_ns";
constexpr const char* kDay =
    "INSERT INTO day_pnl VALUES (?,?,?,?,?) ON CONFLICT (account, day_start_ns) DO UPDATE SET realised_nanos = "
    "excluded.realised_nanos,"
    " costs_nanos = excluded.costs_nanos, trades = excluded.trades";
constexpr const char* kEnforcement =
    "INSERT INTO enforcements (id, account, decided_at_ns, trigger, rules, reasons, decision, state) VALUES "
    "(?,?,?,?,?,?,?,?)"
    " ON CONFLICT (id) DO NOTHING";
constexpr const char* kViolation =
    "INSERT INTO violations (enforcement, account, at_ns, rule, code, sentence, reason) VALUES (?,?,?,?,?,?,?)";
constexpr const char* kLock =
    "INSERT INTO locks (account, symbol, kind, rule, code, sentence, reason, since_ns, until_ns, enforcement) VALUES "
    "(?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT DO NOTHING";
constexpr const char* kLockEnded =
    // Also the rows of the shorter lock that this one extended: at the end of the longer one none of them holds.
    "UPDATE locks SET ended_at_ns = ?1 WHERE account = ?2 AND symbol IS ?3 AND kind = ?4 AND rule = ?5 AND since_ns "
    "<= ?6 "
    "AND (until_ns IS NULL) = (?7 IS NULL) AND coalesce(until_ns, 0) <= coalesce(?7, 0)"
    " AND enforcement <= ?8 AND ended_at_ns IS NULL";
constexpr const char* kRequest =
    "INSERT INTO requests (id, enforcement, account, endpoint, subject, at_ns) VALUES (?,?,?,?,?,?) ON CONFLICT (id) "
    "DO NOTHING";
constexpr const char* kReply =
    "UPDATE requests SET outcome = ?, error_code = ?, text = ?, answered_at_ns = ? WHERE id = ?";
constexpr const char* kVerified =
    "UPDATE enforcements SET state = 'verified', verified_at_ns = ?, receipt = ? WHERE id = ?";
constexpr const char* kNotification =
    "INSERT INTO notifications (at_ns, account, enforcement, kind, rule, sentence) VALUES (?,?,?,?,?,?)";
constexpr const char* kClocksGone = "DELETE FROM clocks WHERE account = ? AND rule = ?";
constexpr const char* kClock = "INSERT OR REPLACE INTO clocks VALUES (?,?,?,?)";
constexpr const char* kConfig =
    "INSERT INTO config_in_force VALUES (1, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET day_start_ns = "
    "excluded.day_start_ns, until_ns = excluded.until_ns, yaml = excluded.yaml";
constexpr const char* kMeta =
    "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = max(value, excluded.value)";
constexpr const char* kMark = "UPDATE journal_mark SET sequence = max(sequence, ?)";

std::optional<BrokerTime> until_of(const Lock& lock) {
  const auto* time = std::get_if<UntilTime>(&lock.until);
  return time == nullptr ? std::nullopt : std::optional{time->time};
}

}  // namespace

struct RowWriter::Impl {
  Impl(SQLite::Database& db, ContractTable& table) : database{db}, contracts{table} {}

  SQLite::Database& database;
  ContractTable& contracts;
  EnforcementId highest_enforcement;
  RequestId highest_request;
  SQLite::Statement trade{database, kTrade}, day{database, kDay}, enforcement{database, kEnforcement},
      violation{database, kViolation}, lock{database, kLock}, lock_ended{database, kLockEnded},
      request{database, kRequest}, reply{database, kReply}, verified{database, kVerified},
      notification{database, kNotification}, clocks_gone{database, kClocksGone}, clock{database, kClock},
      config{database, kConfig}, meta{database, kMeta}, mark{database, kMark};

  std::optional<std::string> symbol_of(const Lock& held) const {
    return held.symbol ? std::optional{contracts.symbol_text(*held.symbol)} : std::nullopt;
  }

  void write(const Trade& t) {
    (Row{trade} << t.account << t.id << contracts.at(t.contract).broker_id << t.order
                << (t.side == Side::Buy ? "buy" : "sell") << t.size.value() << t.price.nanos() << t.profit_and_loss
                << t.fees << t.commissions << t.voided << t.time)
        .write();
  }
  void write(const std::vector<Trade>& trades) {
    for (const Trade& t : trades) write(t);
  }
  void write(const RiskEvent& event) {
    if (const auto* executed = std::get_if<TradeExecuted>(&event.body)) write(executed->trade);
    if (const auto* taken = std::get_if<SnapshotTaken>(&event.body); taken != nullptr && taken->snapshot)
      write(taken->snapshot->trades);
  }
  void write(const Decision& d) {
    highest_enforcement = std::max(highest_enforcement, d.id);
    // A goal that asks nothing of the broker is reached.
    const int inserted =
        (Row{enforcement} << d.id << d.account << d.at << d.trigger << rules_json(d) << reasons_json(d, contracts)
                          << encoded(d, contracts) << (d.goal.empty() ? "verified" : "open"))
            .write();
    for (const Lock& l : d.locks) {  // also when the decision is recorded again: a lock is never passed over
      (Row{lock} << l.account << symbol_of(l) << name_of(l.kind) << l.rule << code(l.reason)
                 << sentence_of(l.reason, contracts) << encoded(l.reason, contracts) << l.since << until_of(l)
                 << l.enforcement)
          .write();
    }
    if (inserted == 0) return;
    for (const Violation& v : d.violations) {
      (Row{violation} << d.id << d.account << d.at << v.rule << code(v.reason) << sentence_of(v.reason, contracts)
                      << encoded(v.reason, contracts))
          .write();
    }
  }
  void write(const layout::RequestRecord& r) {
    highest_request = std::max(highest_request, r.request.id);
    if (is_read(r.request.ask)) return;
    (Row{request} << r.request.id << r.enforcement << r.request.account << name_of(r.request.ask)
                  << subject_of(r.request.ask, contracts) << r.at)
        .write();
  }
  void write(const BrokerReply& r) {
    highest_request = std::max(highest_request, r.id);
    if (const auto* trades = std::get_if<std::vector<Trade>>(&r.payload)) write(*trades);
    (Row{reply} << name_of(r.outcome) << r.error_code << r.text << r.answered_at << r.id).write();
  }
  void write(const Receipt& r) {
    (Row{verified} << r.verified_at << receipt_json(r, contracts) << r.enforcement).write();
  }
  void write(const layout::LockEndedRecord& r) {
    const Lock& l = r.lock;
    (Row{lock_ended} << r.at << l.account << symbol_of(l) << name_of(l.kind) << l.rule << l.since << until_of(l)
                     << l.enforcement)
        .write();
  }
  void write(const DayRow& d) { (Row{day} << d.account << d.day_start << d.realised << d.costs << d.trades).write(); }
  void write(const NotificationRow& n) {
    (Row{notification} << n.at << n.account << n.enforcement << n.kind << n.rule << n.sentence).write();
  }
  void write(const layout::ClocksRecord& c) {
    (Row{clocks_gone} << c.account << c.rule).write();
    for (const RunningClock& running : c.clocks)
      (Row{clock} << c.account << c.rule << contracts.at(running.contract).broker_id << running.since).write();
  }
  void write(const ConfigRow& c) {
    std::string yaml;
    for (const std::string& part : c.yaml) yaml += part;
    (Row{config} << c.day << c.until << yaml).write();
  }
  void write(const layout::NoteRecord&) {}  // the journal is its place

  bool write_event(const JournalRecord& record) {
    const auto event = decode_event(record, contracts, {});
    if (event) write(*event);
    return event.has_value();
  }
  template <class T>
  bool read_and_write(const JournalRecord& record) {
    const auto value = decode<T>(record.payload, contracts, {});
    if (value) write(*value);
    return value.has_value();
  }
};

RowWriter::RowWriter(SQLite::Database& database, ContractTable& contracts)
    : impl_{std::make_unique<Impl>(database, contracts)} {}
RowWriter::~RowWriter() = default;

bool RowWriter::apply(const JournalRecord& record) {
  if (record.version == 0 || record.version > version_of(record.type)) return false;
  switch (record.type) {
    case RecordType::Event:
      return impl_->write_event(record);
    case RecordType::Decision:
      return impl_->read_and_write<Decision>(record);
    case RecordType::Request:
      return impl_->read_and_write<layout::RequestRecord>(record);
    case RecordType::Reply:
      return impl_->read_and_write<BrokerReply>(record);
    case RecordType::Receipt:
      return impl_->read_and_write<Receipt>(record);
    case RecordType::LockEnded:
      return impl_->read_and_write<layout::LockEndedRecord>(record);
    case RecordType::Trade:
      return impl_->read_and_write<Trade>(record);
    case RecordType::Day:
      return impl_->read_and_write<DayRow>(record);
    case RecordType::Notification:
      return impl_->read_and_write<NotificationRow>(record);
    case RecordType::Config:
      return impl_->read_and_write<ConfigRow>(record);
    case RecordType::Note:
      return impl_->read_and_write<layout::NoteRecord>(record);
    case RecordType::Clocks:
      return impl_->read_and_write<layout::ClocksRecord>(record);
    case RecordType::RunBegins:
    case RecordType::Contract:
    case RecordType::RunStart:
    case RecordType::RulesChanged:
    case RecordType::Quotes:
    case RecordType::LoginTurn:
      return true;  // the journal is their place
  }
  return false;
}

void RowWriter::write_mark(std::uint64_t sequence) {
  (Row{impl_->meta} << "highest_enforcement" << impl_->highest_enforcement).write();
  (Row{impl_->meta} << "highest_request" << impl_->highest_request).write();
  (Row{impl_->mark} << sequence).write();
}

}  // namespace rm
