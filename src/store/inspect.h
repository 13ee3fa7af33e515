#pragma once
// A look at a database that changes nothing in it, for tools beside the daemon.

#include <filesystem>
#include <string>
#include <vector>

#include "domain/result.h"

namespace rm {

struct DatabaseLook {
  int schema_version = 0;           // of the file; the program's own is kSchemaVersion
  std::vector<std::string> damage;  // what SQLite's full integrity check says; empty: nothing
};

// Reads every page, through a connection that cannot write; a daemon may be using the file. Errors (one sentence): Io
// (cannot be opened or read, not a database), Refused (another program's).
[[nodiscard]] Result<DatabaseLook> look_at_database(const std::filesystem::path& file);

}  // namespace rm
