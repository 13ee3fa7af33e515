#include "store/migrations.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <string>

namespace rm {
namespace {

// Money and prices are whole 1e-9 units, times whole nanoseconds of broker time since 1970 UTC.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version VALUES (1);

CREATE TABLE journal_mark (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL);
INSERT INTO journal_mark VALUES (1, 0);

CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE trades (
  account INTEGER NOT NULL, id INTEGER NOT NULL, contract TEXT NOT NULL, order_id INTEGER NOT NULL,
  side TEXT NOT NULL, size INTEGER NOT NULL, price_nanos INTEGER NOT NULL, pnl_nanos INTEGER,
  fees_nanos INTEGER NOT NULL, commissions_nanos INTEGER NOT NULL, voided INTEGER NOT NULL, time_ns INTEGER NOT NULL,
  PRIMARY KEY (account, id)) WITHOUT ROWID;
CREATE INDEX trades_by_time ON trades (account, time_ns);

CREATE TABLE day_pnl (
  account INTEGER NOT NULL, day_start_ns INTEGER NOT NULL,
  realised_nanos INTEGER NOT NULL, costs_nanos INTEGER NOT NULL, trades INTEGER NOT NULL,
  PRIMARY KEY (account, day_start_ns)) WITHOUT ROWID;

CREATE TABLE locks (
  id INTEGER PRIMARY KEY, account INTEGER NOT NULL,
  symbol TEXT,                 -- null: the whole account
  kind TEXT NOT NULL, rule TEXT NOT NULL, code TEXT NOT NULL, sentence TEXT NOT NULL, reason BLOB NOT NULL,
  since_ns INTEGER NOT NULL,
  until_ns INTEGER,            -- null: until the broker allows trading
  enforcement INTEGER NOT NULL,
  ended_at_ns INTEGER);        -- null: it holds
CREATE UNIQUE INDEX locks_once ON locks (enforcement, account, coalesce(symbol, ''), kind, rule, since_ns, coalesce(until_ns, -1));
CREATE INDEX locks_that_hold ON locks (account) WHERE ended_at_ns IS NULL;

CREATE TABLE enforcements (
  id INTEGER PRIMARY KEY, account INTEGER NOT NULL, decided_at_ns INTEGER NOT NULL, trigger TEXT NOT NULL,
  rules TEXT NOT NULL, reasons TEXT NOT NULL, decision BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'verified')),
  verified_at_ns INTEGER, receipt TEXT);
CREATE INDEX enforcements_open ON enforcements (id) WHERE state = 'open';

CREATE TABLE violations (
  id INTEGER PRIMARY KEY, enforcement INTEGER NOT NULL, account INTEGER NOT NULL, at_ns INTEGER NOT NULL,
  rule TEXT NOT NULL, code TEXT NOT NULL, sentence TEXT NOT NULL, reason BLOB NOT NULL);
CREATE INDEX violations_by_account ON violations (account, at_ns);

CREATE TABLE requests (         -- that act; reads are in the journal alone
  id INTEGER PRIMARY KEY, enforcement INTEGER NOT NULL, account INTEGER NOT NULL, endpoint TEXT NOT NULL, subject TEXT NOT NULL,
  at_ns INTEGER NOT NULL, outcome TEXT, error_code INTEGER, text TEXT, answered_at_ns INTEGER);
CREATE INDEX requests_by_enforcement ON requests (enforcement);

CREATE TABLE notifications (
  id INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, account INTEGER NOT NULL, enforcement INTEGER NOT NULL,
  kind TEXT NOT NULL, rule TEXT NOT NULL, sentence TEXT NOT NULL);
)sql";

// Clocks of rules that go on over a restart: since when something has been so.
constexpr const char* kVersion2 = R"sql(
CREATE TABLE clocks (
  account INTEGER NOT NULL, rule TEXT NOT NULL, contract TEXT NOT NULL, since_ns INTEGER NOT NULL,
  PRIMARY KEY (account, rule, contract)) WITHOUT ROWID;
)sql";

// What the day is guarded by, so that a restart with another file loosens nothing before the day is over.
constexpr const char* kVersion3 = R"sql(
CREATE TABLE config_in_force (
  one INTEGER PRIMARY KEY CHECK (one = 1), day_start_ns INTEGER NOT NULL, until_ns INTEGER NOT NULL, yaml TEXT NOT NULL);
)sql";

// How far the chain of hashes of each journal file goes (SHA-256 as hexadecimal text), and whether the file was
// removed by this program, which keeps only so many.
constexpr const char* kVersion4 = R"sql(
CREATE TABLE journal_chain (
  segment INTEGER PRIMARY KEY, first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL, head TEXT NOT NULL,
  complete INTEGER NOT NULL, removed INTEGER NOT NULL DEFAULT 0);
)sql";

// kSteps[n] leads from version n to n + 1.
constexpr std::array<const char*, kSchemaVersion> kSteps{kVersion1, kVersion2, kVersion3, kVersion4};

int pragma_number(SQLite::Database& database, const char* pragma) {
  return database.execAndGet(pragma).getInt();
}

}  // namespace

Result<void> migrate(SQLite::Database& database, const std::filesystem::path& file) {
  const int application = pragma_number(database, "PRAGMA application_id");
  const bool empty = pragma_number(database, "SELECT count(*) FROM sqlite_schema") == 0;
  if (!empty && application != kApplicationId) {
    return fail(ErrorCode::Refused, "database " + file.string() +
                                        " belongs to another program: move it away or choose another data directory");
  }
  const int found = empty ? 0 : pragma_number(database, "SELECT version FROM schema_version");
  if (found > kSchemaVersion) {
    return fail(ErrorCode::Refused, "database " + file.string() + " has schema version " + std::to_string(found) +
                                        ", made by a newer version of this program (this one knows up to " +
                                        std::to_string(kSchemaVersion) + "): start the newer version");
  }
  for (auto version = static_cast<std::size_t>(found); version < kSteps.size(); ++version) {
    SQLite::Transaction step{database, SQLite::TransactionBehavior::IMMEDIATE};
    database.exec(kSteps[version]);
    database.exec("UPDATE schema_version SET version = " + std::to_string(version + 1));
    if (version == 0) database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
    step.commit();
  }
  return {};
}

bool put_back_chain_table(SQLite::Database& database) {
  if (database.tableExists("journal_chain")) return false;
  database.exec(kVersion4);
  return true;
}

}  // namespace rm
