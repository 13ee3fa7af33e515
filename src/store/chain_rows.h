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

// Of the database in a data directory, whether a process is using it or not; nothing is written. Empty: there is no
// database, or it is of a time before the chain. Error Io, one sentence.
[[nodiscard]] Result<std::optional<std::vector<ChainRow>>> load_chain_rows(const std::filesystem::path& dir);

}  // namespace rm
