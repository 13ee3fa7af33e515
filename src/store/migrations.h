#pragma once
// The database's shape over time. Forward only; each step is one transaction.

#include <filesystem>

#include "domain/result.h"

namespace SQLite {
class Database;
}

namespace rm {

inline constexpr int kSchemaVersion = 4;
inline constexpr int kApplicationId = 0x524D4752;  // "RMGR" in the file's header: this program's database

// Brings an empty or older database to kSchemaVersion. Errors (Refused): another program's database, made by a newer
// version. SQLite's own failures leave as SQLite::Exception.
[[nodiscard]] Result<void> migrate(SQLite::Database& database, const std::filesystem::path& file);

// A database without the table of the chain's heads takes nothing any more: an empty one is put in the place of one
// that was removed. True: it was. Throws SQLite::Exception.
[[nodiscard]] bool put_back_chain_table(SQLite::Database& database);

}  // namespace rm
