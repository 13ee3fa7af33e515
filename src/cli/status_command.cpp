#include "cli/status_command.h"

#include <ostream>

#include "control/paths.h"
#include "control/status.h"
#include "net/unix_server.h"

namespace rm {

int status_command(const std::filesystem::path& data_dir, bool json, std::ostream& out, std::ostream& err) {
  const auto dir = data_dir.empty() ? default_data_dir() : data_dir;
  const auto answer = net::unix_request(control_socket(dir), "status", std::chrono::seconds{5});
  if (!answer) {
    err << "risk-manager: no daemon answers for data directory " << dir.string() << ": " << answer.error() << '\n';
    return 1;
  }
  const std::string text = json ? *answer : status_text(*answer);
  if (text.empty()) {
    err << "risk-manager: the daemon's answer could not be read\n";
    return 1;
  }
  out << text << (text.ends_with('\n') ? "" : "\n");
  return 0;
}

}  // namespace rm
