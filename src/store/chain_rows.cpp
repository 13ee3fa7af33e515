#include "store/chain_rows.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

#include "store/database_file.h"

namespace rm {
namespace {

constexpr int kBusyMs = 2'000;
constexpr int kFirstWithChain = 4;  // schema version
constexpr const char* kPut =
    "INSERT INTO journal_chain (segment, first_sequence, last_sequence, head, complete) VALUES (?,?,?,?,?) ON "
    "CONFLICT "
    "(segment) DO UPDATE SET last_sequence = excluded.last_sequence, head = excluded.head, complete = "
    "excluded.complete";
constexpr const char* kRemoved = "UPDATE journal_chain SET removed = 1 WHERE segment = ?";

std::int64_t number(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

std::uint64_t number(const SQLite::Column& column) {
  return static_cast<std::uint64_t>(column.getInt64());
}

// Beside a database that was closed there is no write-ahead log, and a reader without permission to write could not
// make one: such a file does not change, and is opened as what does not.
std::string uri(const std::filesystem::path& file) {
  std::error_code ignored;
  const bool in_use = std::filesystem::exists(file.string() + "-wal", ignored);
  std::string text = "file:";
  for (const char c : std::filesystem::absolute(file, ignored).string()) {
    if (c == '?' || c == '#' || c == '%') {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      const auto code = static_cast<unsigned char>(c);
      text += {'%', kDigits[code / 16], kDigits[code % 16]};
    } else {
      text += c;
    }
  }
  return text + (in_use ? "?mode=ro" : "?mode=ro&immutable=1");
}

}  // namespace

void write_chain(SQLite::Database& database, const ChainUpdate& update) {
  SQLite::Statement put{database, kPut};
  for (const ChainRow& row : update.rows) {
    put.reset();
    put.bind(1, number(row.segment));
    put.bind(2, number(row.first_sequence));
    put.bind(3, number(row.last_sequence));
    put.bind(4, hex(row.head));
    put.bind(5, row.complete ? 1 : 0);
    put.exec();
  }
  SQLite::Statement removed{database, kRemoved};
  for (const std::uint64_t segment : update.removed) {
    removed.reset();
    removed.bind(1, number(segment));
    removed.exec();
  }
}

std::vector<ChainRow> read_chain_rows(SQLite::Database& database) {
  SQLite::Statement rows{database,
                         "SELECT segment, first_sequence, last_sequence, head, complete, removed FROM journal_chain "
                         "ORDER BY segment"};
  std::vector<ChainRow> all;
  while (rows.executeStep()) {
    const auto head = sha256_from_hex(rows.getColumn(3).getString());
    // A text that is no hash fits no record, and is found to.
    all.push_back({number(rows.getColumn(0)), number(rows.getColumn(1)), number(rows.getColumn(2)),
                   head.value_or(Sha256{}), rows.getColumn(4).getInt() != 0, rows.getColumn(5).getInt() != 0});
  }
  return all;
}

Result<std::optional<KeptChain>> load_kept_chain(const std::filesystem::path& dir) {
  const auto file = dir / "risk-manager.db";
  std::error_code code;
  if (!std::filesystem::exists(file, code) && !code) return std::optional<KeptChain>{};
  if (const auto ordinary = refuse_what_is_no_database(file); !ordinary) return std::unexpected{ordinary.error()};
  try {
    SQLite::Database database{uri(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI, kBusyMs};
    const SQLite::Transaction as_one{database};
    if (!database.tableExists("journal_chain")) {
      if (database.execAndGet("SELECT version FROM schema_version").getInt() < kFirstWithChain)
        return std::optional<KeptChain>{};
      return fail(ErrorCode::Malformed, "the heads of its chain are gone: database " + file.string() +
                                            " has no table journal_chain any more");
    }
    KeptChain kept{read_chain_rows(database), 0};
    kept.taken = static_cast<std::uint64_t>(database.execAndGet("SELECT sequence FROM journal_mark").getInt64());
    return std::optional{std::move(kept)};
  } catch (const SQLite::Exception& error) {
    return fail(ErrorCode::Io, "database " + file.string() + " cannot be read: " + error.what());
  }
}

}  // namespace rm
