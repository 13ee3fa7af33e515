#pragma once
// Files of a data directory are ordinary ones. What is opened as a file and is none, such as a named pipe, can keep
// its reader waiting for ever: it is refused, by a look that waits for nothing.

#include <filesystem>
#include <vector>

#include "domain/result.h"

namespace rm {

// All bytes. Error Io: only why, "Permission denied", "it is not an ordinary file".
[[nodiscard]] Result<std::vector<std::byte>> read_ordinary_file(const std::filesystem::path& file);

// A file that is not there is fine. Error Io: as above.
[[nodiscard]] Result<void> refuse_what_is_no_file(const std::filesystem::path& file);

}  // namespace rm
