#pragma once
// `risk-manager status`: asks the daemon over its control socket.

#include <filesystem>
#include <iosfwd>

namespace rm {

// Exit code: 0 answered, 1 no daemon answers there (one sentence on `err`). `data_dir` empty: the default one.
int status_command(const std::filesystem::path& data_dir, bool json, std::ostream& out, std::ostream& err);

}  // namespace rm
