#include <CLI/CLI.hpp>

#include "paper_gateway/program/program.h"
#include "program.h"

int main(int argc, char** argv) {
  paper::ProgramOptions options;
  CLI::App app{"A broker to try trading programs against: the ProjectX gateway on 127.0.0.1, with paper money.",
               "paper-gateway"};
  app.add_option("--port", options.port, "Port on 127.0.0.1; 0 takes a free one")->capture_default_str();
  app.add_option("--port-file", options.port_file, "Write the port there when ready");
  app.add_option("--scenario", options.scenario, "Scenario file, or the name of a shipped one (overtrader, quiet)");
  app.add_option("--user", options.user, "Login name when no scenario is given")->capture_default_str();
  app.add_option("--api-key", options.api_key, "Its API key")->capture_default_str();
  app.add_option("--seed", options.seed,
                 "Seed of the price feed and of random faults; the same seed gives the same ones");
  app.add_option("--start-time", options.start_time, "Paper time at the start, for example 2026-09-01T14:30:00Z");
  app.add_option("--speed", options.speed, "Paper seconds in a real second")->check(CLI::Range(0.01, 1000.0));
  app.add_option("--tls-cert", options.tls_cert, "PEM certificate chain: https and wss instead of http and ws");
  app.add_option("--tls-key", options.tls_key, "PEM private key");
  app.add_flag("--quiet", options.quiet, "No story on standard error");
  return rm::apps::run_program(app, argc, argv, [&options] { return paper::run(options); });
}
