#pragma once
// A folder as one file, in the oldest form that every system unpacks (ustar). No compression, no links.

#include <filesystem>
#include <string>

#include "domain/result.h"

namespace rm {

// All files of `folder`, whose own names within it have at most 100 bytes, under `name`/ in the archive (of a name
// that is too long for that, its first 155 bytes); owner-only. Error Io, one sentence; nothing is left then.
[[nodiscard]] Result<void> write_tar(const std::filesystem::path& folder, const std::string& name,
                                     const std::filesystem::path& file);

}  // namespace rm
