// The paper gateway as a program: a scenario, its exchange, the sockets, until it is told to stop.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace paper {

struct ProgramOptions {
  std::uint16_t port = 0;      // 0: a free one
  std::string scenario;        // file or name of a shipped one; empty: two practice accounts, prices by hand
  std::string user = "paper";  // of the accounts when no scenario is named
  std::string api_key = "paper-key";
  std::optional<std::uint64_t> seed;      // of prices and faults, instead of the scenario's
  std::optional<std::string> start_time;  // broker timestamp, instead of the scenario's or the real time
  std::optional<double> speed;            // paper seconds a real second, instead of the scenario's
  std::string tls_cert;                   // PEM files; both or neither
  std::string tls_key;
  std::string port_file;  // the port is written there when ready
  bool quiet = false;     // no story on standard error
};

// Exit code: 0 stopped by SIGTERM or SIGINT, 1 could not start, 2 the scenario or an option is wrong. One line goes
// to standard output, when everything is ready; problems and the story of the day go to standard error.
int run(const ProgramOptions& options);

}  // namespace paper
