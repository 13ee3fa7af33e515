#pragma once
// Before SQLite opens it: a named pipe in the place of the database, or of a file beside it, would hold it for ever.

#include <filesystem>
#include <string>

#include "store/ordinary_file.h"

namespace rm {

// Error Io, one sentence.
[[nodiscard]] inline Result<void> refuse_what_is_no_database(const std::filesystem::path& file) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    const std::string each = file.string() + suffix;
    if (const auto ordinary = refuse_what_is_no_file(each); !ordinary)
      return fail(ErrorCode::Io, "database " + each + " cannot be read: " + ordinary.error().message);
  }
  return {};
}

}  // namespace rm
