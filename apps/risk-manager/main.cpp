// risk-manager: the command line. Everything else lives in src/.

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>

#include "cli/check_config.h"
#include "cli/doctor_command.h"
#include "cli/journal_command.h"
#include "cli/replay_command.h"
#include "cli/status_command.h"
#include "cli/trace_command.h"
#include "config/schema.h"
#include "drill/drill.h"
#include "drill/smoke.h"
#include "runtime/start.h"

int main(int argc, char** argv) {
  CLI::App app{"Watches futures accounts on the ProjectX gateway and acts at the broker when a risk rule is broken."};
  app.require_subcommand(1);
  app.set_version_flag("--version", RM_VERSION);

  rm::StartOptions start_options;
  std::string data_dir;
  auto* start = app.add_subcommand("start", "Guard the accounts until SIGTERM or Ctrl-C");
  auto* config = start->add_option("--config", start_options.config_file, "Configuration file (YAML)");
  start->add_option("--data-dir", data_dir, "Where database, journal and logs are kept");
  auto* paper = start->add_flag("--paper", start_options.paper,
                                "Guard an account on the built-in paper gateway: no money, no login");
  start->add_option("--scenario", start_options.scenario, "What happens on the paper gateway: a name or a file")
      ->needs(paper);
  start->add_flag("--live", start_options.live, "Say on the terminal what happens, as it happens");

  bool json = false;
  auto* status = app.add_subcommand("status", "What the running daemon sees");
  status->add_flag("--json", json, "As JSON");
  status->add_option("--data-dir", data_dir, "Data directory of the daemon");

  rm::DoctorOptions doctor_options;
  auto* doctor = app.add_subcommand("doctor", "Check this installation and the gateway, changing nothing: 0 usable");
  doctor->add_option("--config", doctor_options.config_file, "Configuration file (default: the running daemon's)");
  doctor->add_option("--data-dir", data_dir, "Where database, journal and logs are kept");
  doctor->add_flag("--paper", doctor_options.paper, "Look at the built-in paper gateway: no money, no login");
  doctor->add_flag("--json", json, "As JSON");

  std::string file;
  bool print = false, schema = false;
  auto* check = app.add_subcommand("check-config", "Check a configuration file: 0 valid, 2 invalid");
  auto* checked = check->add_option("FILE", file, "Configuration file (YAML)");
  check->add_flag("--print", print, "Print the complete effective configuration, defaults included");
  check->add_flag("--schema", schema, "Print the JSON schema of the configuration, for editors")->excludes(checked);

  std::string journal, other_config;
  auto* replay = app.add_subcommand("replay", "Run a recorded journal through the engine again");
  replay->add_option("JOURNAL", journal, "Data directory, or a folder of journal-*.seg files");
  replay->add_option("--config", other_config, "What another configuration (YAML) would have decided");
  rm::drill::SmokeOptions smoke_options;
  int smoke_seconds = 15;
  auto* smoke = app.add_subcommand(
      "smoke", "Start the daemon against the paper gateway up to its first fill: 0 works, 1 does not, 2 stalled");
  smoke->add_option("--config", smoke_options.config_file, "Configuration file (YAML); left out: two rules");
  smoke->add_option("--timeout", smoke_seconds, "Seconds to the first fill, 15 when left out")
      ->check(CLI::Range(1, 600));
  smoke->add_option("--scenario", smoke_options.scenario, "What happens on the paper gateway: a name or a file");

  rm::drill::DrillOptions drill_options;
  int drill_seconds = 10;
  auto* drill = app.add_subcommand(
      "drill", "Break every rule of your configuration on paper, for real: 0 every link of every rule is proven");
  drill->add_option("--config", drill_options.config_file, "Configuration file (YAML); left out: two rules");
  drill->add_flag("--json", drill_options.json, "The report as JSON");
  drill->add_option("--timeout", drill_seconds, "Seconds for the links of one rule, 10 when left out")
      ->check(CLI::Range(1, 600));
  drill->add_option("--html", drill_options.html_file, "Write the report as a page, with a picture of each rule");

  auto* journal_tools = app.add_subcommand("journal", "Whether the journal is what was written; handing it on");
  journal_tools->require_subcommand(1);
  std::vector<std::string> heads;
  auto* verify = journal_tools->add_subcommand("verify", "Check its chain of hashes: 0 all fits, 1 it does not");
  verify->add_option("DIR", data_dir, "Data directory, or a folder of journal files");
  verify->add_option("--head", heads, "NUMBER:HASH that was kept elsewhere (log: journal_head)");
  std::string bundle, from, to_time;
  auto* export_it = journal_tools->add_subcommand("export", "Write what can be handed to somebody else, no secrets");
  export_it->add_option("DIR", data_dir, "Data directory");
  export_it->add_option("--to", bundle, "A new folder, or a new file that ends in .tar")->required();
  export_it->add_option("--from", from, "Records from this time on: 2026-11-23T14:30:00Z");
  export_it->add_option("--to-time", to_time, "Records until this time");

  std::string target, account, at;
  auto* trace =
      app.add_subcommand("trace", "An event or an enforcement of the journal: every rule, decision, request");
  trace->add_option("WHAT", target, "3 (an enforcement), event:404 or record:162")->required();
  trace->add_option("DIR", data_dir, "Data directory, or a folder of journal files");
  trace->add_option("--data-dir", data_dir, "The same");
  trace->add_flag("--json", json, "As JSON");
  auto* why = app.add_subcommand("why", "Why was I closed, or not? Where each rule stood, and what was done");
  why->add_option("DIR", data_dir, "Data directory, or a folder of journal files");
  why->add_option("--data-dir", data_dir, "The same");
  why->add_option("--account", account, "Of this account alone");
  why->add_option("--at", at, "At this time: 2026-11-23T14:30:00Z; else at the end of the journal");
  why->add_flag("--json", json, "As JSON");

  CLI11_PARSE(app, argc, argv);
  if (*start) {
    if (!*config && !start_options.paper) {
      std::cerr << "risk-manager: start needs --config FILE (or --paper to try it without a broker)\n";
      return 1;
    }
    start_options.data_dir = data_dir;
    return rm::run_start(start_options);
  }
  if (*doctor) {
    doctor_options.data_dir = data_dir;
    return rm::doctor_command(doctor_options, json, rm::process_environment(), std::cout, std::cerr);
  }
  if (*status) return rm::status_command(data_dir, json, std::cout, std::cerr);
  if (*replay) return rm::replay_command(journal, other_config, rm::process_environment(), std::cout, std::cerr);
  if (*smoke) {
    smoke_options.timeout = std::chrono::seconds{smoke_seconds};
    smoke_options.environment = rm::process_environment();
    return rm::drill::run_smoke(smoke_options, std::cout, std::cerr);
  }
  if (*drill) {
    drill_options.patience = std::chrono::seconds{drill_seconds};
    drill_options.environment = rm::process_environment();
    return rm::drill::run_drill(drill_options, std::cout, std::cerr);
  }
  if (*trace) return rm::trace_command(data_dir, target, json, std::cout, std::cerr);
  if (*why) return rm::why_command(data_dir, account, at, json, std::cout, std::cerr);
  if (*verify) return rm::verify_journal_command(data_dir, heads, std::cout, std::cerr);
  if (*export_it) return rm::export_journal_command(data_dir, bundle, from, to_time, std::cout, std::cerr);
  if (schema) {
    std::cout << rm::schema_json(rm::rule_registry());
    return 0;
  }
  if (!*checked) {
    std::cerr << "risk-manager: check-config needs a FILE (or --schema)\n";
    return 1;
  }
  return rm::check_config(file, print, rm::process_environment(), rm::rule_registry(), std::cout, std::cerr);
}
