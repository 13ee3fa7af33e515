#pragma once
// The heads of the chain in the database.

#include <filesystem>
#include <optional>
#include <vector>

#include "store/chain_writer.h"

namespace SQLite {
class Database;
}

namespace rm {

// Both throw SQLite::Exception. Inside the caller's transaction.
void write_chain(SQLite::Database& database, const ChainUpdate& update);
[[nodiscard]] std::vector<ChainRow> read_chain_rows(SQLite::Database& database);

struct KeptChain {
  std::vector<ChainRow> rows;
  std::uint64_t taken = 0;  // the highest record that the database has taken, with its head in the same transaction
};
// Of the database in a data directory, whether a process is using it or not; nothing is written. Empty: there is no
// database, or it is of a time before the chain. Errors (one sentence): Io, not readable; Malformed, the heads are
// gone although it is of a time that had them.
[[nodiscard]] Result<std::optional<KeptChain>> load_kept_chain(const std::filesystem::path& dir);

}  // namespace rm
