#include "store/database.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "store/chain_rows.h"
#include "store/database_file.h"
#include "store/migrations.h"
#include "store/recovery.h"
#include "store/rows.h"

namespace rm {
namespace {

constexpr int kBusyMs = 2'000;  // another process reads or copies the file

std::unexpected<Error> open_error(const std::filesystem::path& file, int code, const char* text) {
  const std::string name = "database " + file.string();
  switch (code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return fail(ErrorCode::Io, name + " is damaged or not a database: " + text);
    case SQLITE_FULL:
      return fail(ErrorCode::Io, name + " cannot be written: the disk is full");
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return fail(ErrorCode::Io, name + " cannot be written: no permission");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fail(ErrorCode::Refused, name + " is being used by another program");
    default:
      return fail(ErrorCode::Io, name + " cannot be opened: " + text);
  }
}

// A record whose rows the database will never take, however often it is tried.
bool is_hopeless(int code) {
  const int primary = code & 0xff;
  return primary == SQLITE_CONSTRAINT || primary == SQLITE_MISMATCH || primary == SQLITE_TOOBIG ||
         primary == SQLITE_RANGE;
}

Result<void> check_damage(SQLite::Database& database, const std::filesystem::path& file) {
  const std::string found = database.execAndGet("PRAGMA quick_check(1)").getString();
  if (found != "ok") return fail(ErrorCode::Io, "database " + file.string() + " is damaged: " + found);
  return {};
}

void configure(SQLite::Database& database) {
  database.setBusyTimeout(kBusyMs);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA trusted_schema = OFF");
}

// Balances and trades are their owner's business: SQLite gives the files beside it the same permissions. What is
// wrong with the file is left for SQLite to say.
void create_for_owner(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0) ::close(fd);
}

// Starting is refused, rather than going on without a disk: one row is written before anything depends on it.
void probe_write(SQLite::Database& database) {
  SQLite::Transaction probe{database, SQLite::TransactionBehavior::IMMEDIATE};
  database.exec("INSERT INTO meta VALUES ('starts', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1");
  probe.commit();
}

}  // namespace

struct Database::Impl {
  explicit Impl(const std::filesystem::path& file)
      : database{file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyMs} {}

  // One journal record inside the open transaction.
  void apply(const JournalRecord& record, Batch& batch) {
    ++batch.records;
    batch.last_sequence = record.sequence;
    batch.has_decision |= record.type == RecordType::Decision;
    batch.has_receipt |= record.type == RecordType::Receipt;
    try {
      if (!writer->apply(record)) ++batch.skipped;
    } catch (const SQLite::Exception& error) {
      if (!is_hopeless(error.getExtendedErrorCode())) throw;
      ++batch.skipped;
    }
  }

  SQLite::Database database;
  ContractTable contracts;  // of the store thread: the loop's own table is not touched from here
  std::unique_ptr<RowWriter> writer;
  bool chain_table_was_gone = false;
};

Database::Database(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file) {
  if (const auto ordinary = refuse_what_is_no_database(file); !ordinary) return std::unexpected{ordinary.error()};
  create_for_owner(file);
  try {
    auto impl = std::make_unique<Impl>(file);
    configure(impl->database);
    if (const auto intact = check_damage(impl->database, file); !intact) return std::unexpected{intact.error()};
    if (const auto migrated = migrate(impl->database, file); !migrated) return std::unexpected{migrated.error()};
    impl->chain_table_was_gone = put_back_chain_table(impl->database);
    probe_write(impl->database);
    impl->writer = std::make_unique<RowWriter>(impl->database, impl->contracts);
    return std::unique_ptr<Database>{new Database{std::move(impl)}};
  } catch (const SQLite::Exception& error) {
    return open_error(file, error.getExtendedErrorCode(), error.what());
  }
}

std::expected<Database::Batch, int> Database::write(const std::function<void(const Visit&)>& source,
                                                    const ChainUpdate* chain) {
  try {
    Batch batch;
    SQLite::Transaction transaction{impl_->database};
    const int before = impl_->database.getTotalChanges();
    source([&](const JournalRecord& record) { impl_->apply(record, batch); });
    const bool nothing = impl_->database.getTotalChanges() == before;
    if (nothing && (chain == nullptr || !chain->urgent)) return batch;  // rolled back: there is nothing to commit
    impl_->writer->write_mark(batch.last_sequence);
    if (chain != nullptr) write_chain(impl_->database, *chain);
    transaction.commit();
    return batch;
  } catch (const SQLite::Exception& error) {
    return std::unexpected{error.getExtendedErrorCode()};
  }
}

bool Database::write_mark(std::uint64_t sequence, const ChainUpdate& chain) {
  try {
    SQLite::Transaction transaction{impl_->database};
    impl_->writer->write_mark(sequence);
    write_chain(impl_->database, chain);
    transaction.commit();
    return true;
  } catch (const SQLite::Exception&) {
    return false;
  }
}

std::uint64_t Database::journal_mark() {
  try {
    return static_cast<std::uint64_t>(impl_->database.execAndGet("SELECT sequence FROM journal_mark").getInt64());
  } catch (const SQLite::Exception&) {
    return 0;
  }
}

std::vector<ChainRow> Database::chain_rows() {
  try {
    return read_chain_rows(impl_->database);
  } catch (const SQLite::Exception&) {
    return {};
  }
}

bool Database::chain_table_was_gone() const {
  return impl_->chain_table_was_gone;
}

Result<Recovered> Database::recover(ContractTable& contracts, const ResolveName& resolve) {
  try {
    return read_recovered(impl_->database, contracts, resolve);
  } catch (const SQLite::Exception& error) {
    return fail(ErrorCode::Io, std::string{"the database cannot be read: "} + error.what());
  }
}

}  // namespace rm
