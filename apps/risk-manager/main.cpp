// risk-manager: the command line. Everything else lives in src/. Each command names its options and what it calls.

#include <CLI/CLI.hpp>

#include <chrono>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "cli/check_config.h"
#include "cli/doctor_command.h"
#include "cli/journal_command.h"
#include "cli/replay_command.h"
#include "cli/status_command.h"
#include "cli/trace_command.h"
#include "config/schema.h"
#include "drill/drill.h"
#include "drill/smoke.h"
#include "program.h"
#include "runtime/start.h"

namespace {

constexpr const char* kWhere = "Data directory, or a folder of journal files";
constexpr const char* kFirst = "Seconds to the first fill, 15 when left out";
constexpr const char* kEach = "Seconds for the links of one rule, 10 when left out";
constexpr const char* kTime = "2026-11-23T14:30:00Z";

// What was given for the one command that runs; the others leave theirs alone.
struct Given {
  rm::StartOptions start;
  rm::DoctorOptions doctor;
  rm::drill::SmokeOptions smoke;
  rm::drill::DrillOptions drill;
  int smoke_seconds = 15, drill_seconds = 10;
  std::string data_dir, file, journal, other_config, bundle, from, to_time, target;
  std::optional<std::string> account, at;
  std::vector<std::string> heads;
  bool json = false, print = false, schema = false;
  int exit_code = 0;
};

void add_start(CLI::App& app, Given& given) {
  auto* start = app.add_subcommand("start", "Guard the accounts until SIGTERM or Ctrl-C");
  start->add_option("--config", given.start.config_file, "Configuration file (YAML)");
  start->add_option("--data-dir", given.data_dir, "Where database, journal and logs are kept");
  auto* paper = start->add_flag("--paper", given.start.paper,
                                "Guard an account on the built-in paper gateway: no money, no login");
  start->add_option("--scenario", given.start.scenario, "What happens on the paper gateway: a name or a file")
      ->needs(paper);
  start->add_flag("--live", given.start.live, "Say on the terminal what happens, as it happens");
  start->callback([&given] {
    given.start.data_dir = given.data_dir;
    given.exit_code = rm::run_start(given.start);
  });
}

void add_status(CLI::App& app, Given& given) {
  auto* status = app.add_subcommand("status", "What the running daemon sees");
  status->add_flag("--json", given.json, "As JSON");
  status->add_option("--data-dir", given.data_dir, "Data directory of the daemon");
  status->callback(
      [&given] { given.exit_code = rm::status_command(given.data_dir, given.json, std::cout, std::cerr); });
}

void add_check_config(CLI::App& app, Given& given) {
  auto* check = app.add_subcommand("check-config", "Check a configuration file: 0 valid, 2 invalid");
  auto* file = check->add_option("FILE", given.file, "Configuration file (YAML)");
  check->add_flag("--print", given.print, "Print the complete effective configuration, defaults included");
  check->add_flag("--schema", given.schema, "Print the JSON schema of the configuration, for editors")
      ->excludes(file);
  check->callback([&given, file] {
    if (given.schema) {
      std::cout << rm::schema_json(rm::rule_registry());
    } else if (*file) {
      given.exit_code = rm::check_config(given.file, given.print, rm::process_environment(), rm::rule_registry(),
                                         std::cout, std::cerr);
    } else {
      std::cerr << "risk-manager: check-config needs a FILE (or --schema)\n";
      given.exit_code = rm::apps::kExitWrongCommand;
    }
  });
}

// ── does it work here? ───────────────────────────────────────────────────────────────────────────────────────────
void add_doctor(CLI::App& app, Given& given) {
  auto* doctor = app.add_subcommand("doctor", "Check this installation and the gateway, changing nothing: 0 usable");
  doctor->add_option("--config", given.doctor.config_file, "Configuration file (default: the running daemon's)");
  doctor->add_option("--data-dir", given.data_dir, "Where database, journal and logs are kept");
  doctor->add_flag("--paper", given.doctor.paper, "Look at the built-in paper gateway: no money, no login");
  doctor->add_flag("--json", given.json, "As JSON");
  doctor->callback([&given] {
    given.doctor.data_dir = given.data_dir;
    given.exit_code = rm::doctor_command(given.doctor, given.json, rm::process_environment(), std::cout, std::cerr);
  });
}

void add_smoke(CLI::App& app, Given& given) {
  auto* smoke = app.add_subcommand(
      "smoke", "Start the daemon against the paper gateway up to its first fill: 0 works, 1 does not, 2 stalled");
  smoke->add_option("--config", given.smoke.config_file, "Configuration file (YAML); left out: two rules");
  smoke->add_option("--timeout", given.smoke_seconds, kFirst)->check(CLI::Range(1, 600));
  smoke->add_option("--scenario", given.smoke.scenario, "What happens on the paper gateway: a name or a file");
  smoke->callback([&given] {
    given.smoke.timeout = std::chrono::seconds{given.smoke_seconds};
    given.smoke.environment = rm::process_environment();
    given.exit_code = rm::drill::run_smoke(given.smoke, std::cout, std::cerr);
  });
}

void add_drill(CLI::App& app, Given& given) {
  auto* drill = app.add_subcommand(
      "drill", "Break every rule of your configuration on paper, for real: 0 every link of every rule is proven");
  drill->add_option("--config", given.drill.config_file, "Configuration file (YAML); left out: two rules");
  drill->add_flag("--json", given.drill.json, "The report as JSON");
  drill->add_option("--timeout", given.drill_seconds, kEach)->check(CLI::Range(1, 600));
  drill->add_option("--html", given.drill.html_file, "Write the report as a page, with a picture of each rule");
  drill->callback([&given] {
    given.drill.patience = std::chrono::seconds{given.drill_seconds};
    given.drill.environment = rm::process_environment();
    given.exit_code = rm::drill::run_drill(given.drill, std::cout, std::cerr);
  });
}

// ── what was recorded ────────────────────────────────────────────────────────────────────────────────────────────
void add_replay(CLI::App& app, Given& given) {
  auto* replay = app.add_subcommand("replay", "Run a recorded journal through the engine again");
  replay->add_option("JOURNAL", given.journal, kWhere);
  replay->add_option("--config", given.other_config, "What another configuration (YAML) would have decided");
  replay->callback([&given] {
    given.exit_code =
        rm::replay_command(given.journal, given.other_config, rm::process_environment(), std::cout, std::cerr);
  });
}

// DIR and --data-dir are the same thing: whichever was given is in `data_dir` then.
bool two_folders(Given& given, const char* command) {
  const bool two = !given.journal.empty() && !given.data_dir.empty();
  if (two) {
    std::cerr << "risk-manager: " << command << ": found '" << given.journal << "' and --data-dir '" << given.data_dir
              << "', allowed is one folder: leave one of the two out\n";
    given.exit_code = 1;
  } else if (given.data_dir.empty()) {
    given.data_dir = given.journal;
  }
  return two;
}

void add_trace(CLI::App& app, Given& given) {
  auto* trace =
      app.add_subcommand("trace", "An event or an enforcement of the journal: every rule, decision, request");
  trace->add_option("WHAT", given.target, "3 (an enforcement), event:404 or record:162")->required();
  trace->add_option("DIR", given.journal, kWhere);
  trace->add_option("--data-dir", given.data_dir, "The same");
  trace->add_flag("--json", given.json, "As JSON");
  trace->callback([&given] {
    if (two_folders(given, "trace")) return;
    given.exit_code = rm::trace_command(given.data_dir, given.target, given.json, std::cout, std::cerr);
  });
}

void add_why(CLI::App& app, Given& given) {
  auto* why = app.add_subcommand("why", "Why was I closed, or not? Where each rule stood, and what was done");
  why->add_option("DIR", given.journal, kWhere);
  why->add_option("--data-dir", given.data_dir, "The same");
  why->add_option("--account", given.account, "Of this account alone");
  why->add_option("--at", given.at, std::string{"At this time: "} + kTime + "; else at the end of the journal");
  why->add_flag("--json", given.json, "As JSON");
  why->callback([&given] {
    if (two_folders(given, "why")) return;
    given.exit_code = rm::why_command(given.data_dir, given.account, given.at, given.json, std::cout, std::cerr);
  });
}

void add_journal(CLI::App& app, Given& given) {
  auto* journal = app.add_subcommand("journal", "Whether the journal is what was written; handing it on");
  journal->require_subcommand(1);
  auto* verify = journal->add_subcommand("verify", "Check its chain of hashes: 0 all fits, 1 it does not");
  verify->add_option("DIR", given.data_dir, kWhere);
  verify
      ->add_option("--head", given.heads,
                   "NUMBER:HASH that was kept elsewhere (log: journal_head); may be given again")
      ->allow_extra_args(false);  // what stands behind it is DIR
  verify->callback(
      [&given] { given.exit_code = rm::verify_journal_command(given.data_dir, given.heads, std::cout, std::cerr); });
  auto* bundle = journal->add_subcommand("export", "Write what can be handed to somebody else, no secrets");
  bundle->add_option("DIR", given.data_dir, "Data directory");
  bundle->add_option("--to", given.bundle, "A new folder, or a new file that ends in .tar")->required();
  bundle->add_option("--from", given.from, std::string{"Records from this time on: "} + kTime);
  bundle->add_option("--to-time", given.to_time, "Records until this time");
  bundle->callback([&given] {
    given.exit_code =
        rm::export_journal_command(given.data_dir, given.bundle, given.from, given.to_time, std::cout, std::cerr);
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Watches futures accounts on the ProjectX gateway and acts at the broker when a risk rule is broken.",
               "risk-manager"};
  app.require_subcommand(1);
  app.set_version_flag("--version", RM_VERSION);
  Given given;
  for (const auto add : {add_start, add_status, add_check_config, add_doctor, add_smoke, add_drill, add_replay,
                         add_trace, add_why, add_journal})
    add(app, given);
  return rm::apps::run_program(app, argc, argv, [&given] { return given.exit_code; });
}
