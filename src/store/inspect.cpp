#include "store/inspect.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "store/database_file.h"
#include "store/migrations.h"

namespace rm {
namespace {

constexpr int kBusyMs = 2'000;
constexpr const char* kCheck = "PRAGMA integrity_check(10)";  // ten findings are enough to know

bool is_damage(int code) {
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

}  // namespace

Result<DatabaseLook> look_at_database(const std::filesystem::path& file) {
  const std::string name = "database " + file.string();
  if (const auto ordinary = refuse_what_is_no_database(file); !ordinary) return std::unexpected{ordinary.error()};
  try {
    SQLite::Database database{file.string(), SQLite::OPEN_READONLY, kBusyMs};
    DatabaseLook look;
    SQLite::Statement check{database, kCheck};
    while (check.executeStep()) {
      if (std::string found = check.getColumn(0).getString(); found != "ok") look.damage.push_back(std::move(found));
    }
    if (database.execAndGet("PRAGMA application_id").getInt() != kApplicationId)
      return fail(ErrorCode::Refused, name + " belongs to another program");
    look.schema_version = database.execAndGet("SELECT version FROM schema_version").getInt();
    return look;
  } catch (const SQLite::Exception& error) {
    return fail(ErrorCode::Io, is_damage(error.getErrorCode())
                                   ? name + " is damaged or not a database: " + error.what()
                                   : name + " cannot be read: " + error.what());
  }
}

}  // namespace rm
