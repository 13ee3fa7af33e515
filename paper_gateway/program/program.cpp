#include "paper_gateway/program/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "paper_gateway/program/story.h"
#include "paper_gateway/scenario/runner.h"
#include "paper_gateway/server/gateway.h"
#include "paper_gateway/transport/web_server.h"

namespace paper {
namespace {

constexpr int wrong_input = 2;
constexpr int cannot_start = 1;

void complain(const std::string& line) {
  fmt::print(stderr, "paper-gateway: {}\n", line);
}

PaperTime real_now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<Nanos>(since_epoch).count()};
}

// The scenario the options ask for, options applied; problems are told and leave nothing.
std::optional<Scenario> chosen_scenario(const ProgramOptions& options) {
  if (options.scenario.empty()) return default_scenario(options.user, options.api_key);
  const auto path = find_scenario(options.scenario, scenario_directories());
  if (!path) {
    complain(path.error());
    return std::nullopt;
  }
  auto scenario = load_scenario(*path);
  if (!scenario) {
    for (const auto& problem : scenario.error()) fmt::print(stderr, "{}\n", problem);
    return std::nullopt;
  }
  return std::move(*scenario);
}

bool apply(const ProgramOptions& options, Scenario& scenario) {
  if (options.seed) scenario.seed = *options.seed;
  if (options.speed) scenario.speed = *options.speed;
  if (!options.start_time) return true;
  const auto start = parse_time(*options.start_time);
  if (!start) {
    complain("--start-time: " + start.error());
    return false;
  }
  scenario.start_time = *start;
  return true;
}

void announce(const ProgramOptions& options, std::uint16_t port) {
  if (!options.port_file.empty()) {
    std::ofstream file{options.port_file};
    file << port << '\n';
    if (!file.flush()) throw std::runtime_error("cannot write the port to " + options.port_file);
  }
  const std::string_view s = options.tls_cert.empty() ? "" : "s";
  fmt::print(
      "paper-gateway ready: http{0}://127.0.0.1:{1} user_hub ws{0}://127.0.0.1:{1}/hubs/user "
      "market_hub ws{0}://127.0.0.1:{1}/hubs/market\n",
      s, port);
  std::fflush(stdout);
}

int serve(const ProgramOptions& options, const Scenario& scenario) {
  WebServer server{{options.port, options.tls_cert, options.tls_key}};
  server.stop_on_signals();
  PaperClock clock{scenario.start_time.value_or(real_now()), monotonic_ns(), scenario.speed};
  const auto now = [&clock] { return clock.now(monotonic_ns()); };

  Exchange exchange{scenario.settings};
  set_up(scenario, exchange, now());
  Story tell;
  if (!options.quiet) tell = [](PaperTime when, const std::string& line) { print_story(when, line); };
  FillStory fills{exchange, tell};
  Gateway* controlled = nullptr;
  const auto use = [&](const ControlStep& step) { return use_control(*controlled, step.name, step.body); };
  ScenarioRunner runner{scenario, exchange, now(), tell, use};

  GatewayHooks hooks;
  if (tell) hooks.story = [&](std::string_view line) { tell(now(), std::string{line}); };
  hooks.on_user_subscribed = [&](std::int64_t) { runner.on_client_subscribed(now()); };
  hooks.on_price_set = [&](const std::string& contract, Decimal price) { runner.on_price_set(contract, price); };
  ServerSettings settings;
  settings.seed = scenario.seed;
  Gateway gateway{exchange, clock, settings, monotonic_ns, hooks};
  controlled = &gateway;
  for (const auto& step : scenario.controls) (void)use(step);  // was rehearsed when the scenario was read
  if (tell)
    tell(now(),
         fmt::format("seed {}: with --seed {} prices and faults are drawn alike", scenario.seed, scenario.seed));

  announce(options, server.port());
  const auto next_deadline = [&] {
    auto due = gateway.next_deadline();
    if (const auto step = runner.next_deadline()) {
      const auto at = clock.monotonic_at(*step);
      due = due ? std::min(*due, at) : at;
    }
    return due;
  };
  const auto on_time = [&] {
    runner.on_time(now());
    gateway.on_time();
  };
  server.run(gateway, {next_deadline, on_time});
  return 0;
}

}  // namespace

int run(const ProgramOptions& options) {
  if (options.tls_cert.empty() != options.tls_key.empty()) {
    complain("--tls-cert and --tls-key go together");
    return wrong_input;
  }
  auto scenario = chosen_scenario(options);
  if (!scenario || !apply(options, *scenario)) return wrong_input;
  try {
    return serve(options, *scenario);
  } catch (const std::exception& problem) {
    complain(problem.what());
    return cannot_start;
  }
}

}  // namespace paper
